import { encodeFrame } from '@geneve-telemetry/core/encode'
import { RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import type { Random } from '../random.ts'
import { ipv4Text, type Vpc } from '../world.ts'
import { attachedRecord, reportersOf } from './estate.ts'
import type { Reporter, Told } from './reporter.ts'

const FIRST_PORT = 60_000
/** Beside the appliance stand agents that report to it. */
const AGENT_HARDWARE = '02:00:00:00:03:'
const APPLIANCE_HARDWARE = '02:00:00:00:02:'
const FROM_APPLIANCE = 10

/** A record on its way, alone in its packet. */
export interface ToldPacket {
  readonly frame: Uint8Array
  readonly options: Uint8Array
  readonly values: Told
  /** Outer addresses. */
  readonly source: string
  readonly destination: string
}

/** Telemetry records, which are this project's profile and nothing that AWS sends: each thing's reporter in turn, and some for packets to carry. */
export class Telling {
  readonly #encoder = new RecordEncoder()
  readonly #vpcs: readonly Vpc[]
  readonly #reporters: readonly Reporter[]
  readonly #random: Random
  readonly #hasEthernet: boolean
  #next = 0

  constructor(vpcs: readonly Vpc[], random: Random, hasEthernet: boolean) {
    this.#vpcs = vpcs
    this.#random = random
    this.#hasEthernet = hasEthernet
    this.#reporters = reportersOf(vpcs, random)
  }

  /** The next report, as a whole packet: O bit, protocol type 0, no payload. */
  packet(): ToldPacket {
    const index = this.#next
    this.#next = (index + 1) % this.#reporters.length
    const vpc = this.#vpcs[Math.floor((index * this.#vpcs.length) / this.#reporters.length)]!
    const values = this.#reporters[index]!.next()
    const options = this.#encoder.encode(values)
    const source = ipv4Text(vpc.appliance + FROM_APPLIANCE)
    const destination = ipv4Text(vpc.appliance)
    const last = vpc.index.toString(16).padStart(2, '0')
    const ethernet = { source: AGENT_HARDWARE + last, destination: APPLIANCE_HARDWARE + last }
    const frame = encodeFrame({
      source,
      destination,
      sourcePort: FIRST_PORT + index,
      control: true,
      options,
      ...(this.#hasEthernet && { ethernet }),
    })
    return { frame, options, values, source, destination }
  }

  /** A record that all packets of a flow carry. */
  attached(vpc: number): { readonly options: Uint8Array; readonly values: Told } {
    const values = attachedRecord(this.#vpcs[vpc]!, this.#random)
    return { options: this.#encoder.encode(values), values }
  }
}

/** Each option of an area as `0xCLASS/TYPE`. */
export function optionNames(options: Uint8Array): readonly string[] {
  const names: string[] = []
  for (let at = 0; at < options.byteLength; at += 4 + (options[at + 3]! & 0x1f) * 4) {
    const optionClass = (options[at]! << 8) | options[at + 1]!
    names.push(`0x${optionClass.toString(16).padStart(4, '0')}/${options[at + 2]}`)
  }
  return names
}
