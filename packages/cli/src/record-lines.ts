import type { ToldValues } from '@geneve-telemetry/core'
import { encodeGeneve } from '@geneve-telemetry/core/encode'
import { type AwsField, awsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { parseExactJson } from './json.ts'

/** Makes packets of lines of JSON, each a telemetry record. */
export class RecordLines {
  readonly #encoder: RecordEncoder
  readonly #vni: number

  constructor(optionClass: number, vni: number) {
    this.#encoder = new RecordEncoder({ optionClass })
    this.#vni = vni
  }

  /** The GENEVE packets of a line's record, which carry nothing else; several where it is too large for one. Throws an error that says what is wrong with which field. */
  packets(line: string): readonly Uint8Array[] {
    const record = valuesOf(parseExactJson(line))
    if (Object.keys(record).length === 0) throw new TypeError('it says nothing')
    return this.#encoder.split(record).map((options) => encodeGeneve({ options, vni: this.#vni, control: true }))
  }
}

const FIELDS: ReadonlyMap<string, AwsField> = new Map(awsRecord().fields.map((field) => [field.name, field]))

function valuesOf(json: unknown): ToldValues {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError('it is no JSON object')
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, FIELDS.get(name)?.codec.fromJson?.(value) ?? value]))
}
