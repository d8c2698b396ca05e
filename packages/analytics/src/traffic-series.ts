import type { FlowView } from '@geneve-telemetry/core'
import { hexText, type PacketView, protocolName } from '@geneve-telemetry/core/wire'
import type { FlowDescriber } from './flow-record.ts'
import type { Attributes, Measurement } from './measurement.ts'
import { OVERFLOW, SeriesTable, KEY_WORDS as WORDS_OF_KEY } from './series-table.ts'
import { Sums } from './sums.ts'

const FIGURES = 5
const KEY_WORDS = WORDS_OF_KEY
/** The RST bit of TCP's flags. */
const RST = 4
/** -1 in 16 bits. */
const NO_PROTOCOL = 0xffff
/** The VNI in a key of the table. */
const KEY_VNI = 3

/** Counts GENEVE packets by scope, VNI, IP version and protocol. */
export class TrafficSeries implements Measurement {
  readonly name: string = 'traffic'
  readonly figures: readonly string[] = ['packets', 'bytes', 'tunnel_bytes', 'flows', 'resets']
  readonly sums: Sums
  readonly #table: SeriesTable
  readonly #optionTable: FlowDescriber | undefined
  /** By row * 2 + direction of flows: the row that their last packet was counted in. All but the VNI is the same for all packets of a flow. */
  #ofFlow = new Int32Array(1024)

  constructor(maxSeries: number, optionTable: FlowDescriber | undefined) {
    this.#table = new SeriesTable(maxSeries)
    this.sums = new Sums(maxSeries + 1, FIGURES)
    this.#optionTable = optionTable
  }

  get rows(): number {
    return this.#table.rows
  }

  count(packet: PacketView, flow: FlowView | undefined): void {
    const { interval } = this.sums
    const at = (flow === undefined ? this.#lookUp(packet) : this.#rowOf(packet, flow)) * FIGURES
    interval[at] = interval[at]! + 1
    interval[at + 1] = interval[at + 1]! + Math.max(packet.innerLength, 0)
    interval[at + 2] = interval[at + 2]! + packet.wireLength
    if (flow?.isNew) interval[at + 3] = interval[at + 3]! + 1
    // -1, of what is no TCP, has all bits.
    if (packet.tcpFlags > 0 && (packet.tcpFlags & RST) !== 0) interval[at + 4] = interval[at + 4]! + 1
  }

  #rowOf(packet: PacketView, { row, direction, isNew }: FlowView): number {
    const slot = row * 2 + direction
    if (!isNew && slot < this.#ofFlow.length) {
      const known = this.#ofFlow[slot]!
      if (known !== OVERFLOW && this.#table.keys[known * KEY_WORDS + KEY_VNI] === packet.vni) return known
    }
    const found = this.#lookUp(packet)
    if (slot >= this.#ofFlow.length) this.#growTo(slot + 2)
    if (isNew) this.#ofFlow[slot ^ 1] = OVERFLOW
    this.#ofFlow[slot] = found
    return found
  }

  #growTo(length: number): void {
    const grown = new Int32Array(2 ** Math.ceil(Math.log2(length)))
    grown.set(this.#ofFlow)
    this.#ofFlow = grown
  }

  #lookUp(packet: PacketView): number {
    const { view, scope, vni } = packet
    const kind = (packet.innerVersion << 16) | (packet.protocol & 0xffff)
    if (scope < 0) return this.#table.rowOf(-1, 0, 0, vni, kind)
    return this.#table.rowOf(packet.scopeOption, view.getInt32(scope), view.getInt32(scope + 4), vni, kind)
  }

  attributesOf(row: number): Attributes {
    if (row === OVERFLOW) return { network_type: 'other', transport: 'other' }
    const [option = -1, high = 0, low = 0, vni = 0, kind = 0] = this.#table.keyOf(row)
    const version = kind >> 16
    const protocol = kind & 0xffff
    return {
      ...this.#scopeOf(option, high, low),
      vni,
      ...(version !== 0 && { network_type: `ipv${version}` }),
      ...(version !== 0 && protocol !== NO_PROTOCOL && { transport: protocolName(protocol) }),
    }
  }

  /** The scope under its field's name; one that nobody names, as the option's class, type and data. */
  #scopeOf(option: number, high: number, low: number): Attributes {
    if (option < 0) return {}
    const data = new DataView(new ArrayBuffer(12))
    data.setInt32(0, high)
    data.setInt32(4, low)
    const fields = Object.values(this.#optionTable?.describeFlow(option, -1, data) ?? {}).flatMap((values) => Object.entries(values))
    if (fields.length === 0) return { scope: `${option.toString(16).padStart(6, '0')}:${hexText(data, 0, 8)}` }
    return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]))
  }
}
