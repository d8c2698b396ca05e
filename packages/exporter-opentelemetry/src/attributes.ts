import { int64Text } from '@geneve-telemetry/core'

export type AttributeValue = string | number | boolean

/** The protocol's `KeyValue` list in JSON, brackets included; `undefined` where a value cannot be said. */
export function attributesJson(attributes: Iterable<readonly [key: string, value: AttributeValue]>): string | undefined {
  let list = ''
  for (const [key, value] of attributes) {
    const any = anyValueJson(value)
    if (any === undefined) return undefined
    list += `${list === '' ? '' : ','}{"key":${JSON.stringify(key)},"value":${any}}`
  }
  return `[${list}]`
}

function anyValueJson(value: AttributeValue): string | undefined {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  const whole = int64Text(value)
  // 64-bit integers are text in protobuf's JSON: a number would lose what is above 2^53 in many a reader.
  if (whole !== undefined) return `{"intValue":"${whole}"}`
  return Number.isFinite(value) ? `{"doubleValue":${value}}` : undefined
}
