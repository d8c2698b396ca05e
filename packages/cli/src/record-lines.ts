import { encodeGeneve } from '@geneve-telemetry/core/encode'
import { parseRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { messageOf } from './exit.ts'
import { parseExactJson } from './json.ts'

/** Makes packets of lines of JSON, each a telemetry record. */
export class RecordLines {
  readonly #encoder: RecordEncoder
  readonly #vni: number

  constructor(optionClass: number, vni: number) {
    this.#encoder = new RecordEncoder({ optionClass })
    this.#vni = vni
  }

  /** The GENEVE packets of a line's record, which carry nothing else; several where it is too large for one. Throws an error that says all that is wrong with it. */
  packets(line: string): readonly Uint8Array[] {
    const record = parseRecord(jsonOf(line))
    if (!record.ok)
      throw new TypeError(record.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '))
    return this.#encoder.split(record.values).map((options) => encodeGeneve({ options, vni: this.#vni, control: true }))
  }
}

function jsonOf(line: string): unknown {
  try {
    return parseExactJson(line)
  } catch (error) {
    throw new TypeError(`it is no JSON: ${messageOf(error)}`)
  }
}
