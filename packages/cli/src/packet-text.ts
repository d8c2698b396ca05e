import type { DecodedPacket, FieldValue } from '@geneve-telemetry/core'

/** `192.0.2.1:443`, `[2001:db8::1]:443`, or the address alone. */
export function endpoint(address = '?', port?: number): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** `name=value` for each field. */
export function fieldsText(fields: Readonly<Record<string, FieldValue>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${printable(valueText(value))}`)
    .join(' ')
}

/** A list's texts stand behind each other. */
function valueText(value: FieldValue): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? fieldsText(value as Readonly<Record<string, FieldValue>>) : String(value)
}

/** `truncated inner-tcp at byte 60: 20 needed, 4 there`. */
export function issueText({ kind, layer, offset, needed, available }: NonNullable<DecodedPacket['issue']>): string {
  const place = `${kind} ${layer} at byte ${offset}`
  switch (kind) {
    case 'unsupported-version':
      return `${place}: version ${available}`
    case 'critical-flag-missing':
    case 'critical-flag-unneeded':
      return place
    case 'too-deep':
      return `${place}: more than ${needed} tunnels`
    default:
      return `${place}: ${needed} needed, ${available} there`
  }
}

/** A sender decides what a text in an option says; it must not command the terminal that shows it. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}
