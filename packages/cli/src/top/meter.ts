import { FlowTable, TcpFlows, ToldRecords, Traffic, type TrafficOf } from '@geneve-telemetry/analytics'
import { type Instant, instantText, nanosBetween, percentile } from '@geneve-telemetry/core'
import type { OptionTable } from '@geneve-telemetry/core/vendors'
import type { PacketView } from '@geneve-telemetry/core/wire'
import type { Stage, StageContext } from '@geneve-telemetry/pipeline'
import { bytes, count, counted } from '../figures.ts'
import { type FlowOptions, flowTableOptions } from '../flow-options.ts'
import { fieldsText } from '../packet-text.ts'
import { ToldSubjects } from '../told-subjects.ts'
import type { SortId, ViewId } from './columns.ts'
import type { Figures } from './measured.ts'
import { narrow } from './narrow.ts'
import { OpenFlows } from './open-flows.ts'
import { TopRows } from './top-rows.ts'

/** Rows of a view at most. */
const MOST_ROWS = 1_000
const MOST_SUBJECTS = 10_000
/** Told records come once a second, as the screen does. */
const INTERVAL_SECONDS = 1
/** Of packets that are less than this apart their own time tells no rate. */
const LEAST_SECONDS = 0.1

/** Where a refresh ends: the packets' time and the clock's, and the sums by view and row. */
interface Mark {
  readonly time: Instant | undefined
  readonly atMs: number
  readonly sums: ReadonlyMap<string, Sums>
}

interface Sums {
  readonly packets: number
  readonly bytes: number
}

const NO_SUMS: ReadonlyMap<string, Sums> = new Map()
const NONE: Sums = { packets: 0, bytes: 0 }

/** Measures what is shown: as a stage packet by packet, and per second between the last but one `mark` and now; once the input has ended, over all of it. */
export class Meter implements Stage {
  readonly #table: FlowTable
  readonly #traffic: Traffic
  readonly #told: ToldRecords
  readonly #tcp: TcpFlows
  readonly #flows: OpenFlows
  readonly #subjects = new ToldSubjects(MOST_SUBJECTS)
  #first: Instant | undefined
  #now: Instant | undefined
  #older: Mark
  #newer: Mark
  #ended = false

  constructor({ origin, observer }: StageContext, optionTable: OptionTable, options: FlowOptions, nowMs: number) {
    const where = { origin, observer, optionTable }
    const { maxFlows } = options
    this.#older = { time: undefined, atMs: nowMs, sums: NO_SUMS }
    this.#newer = this.#older
    this.#flows = new OpenFlows(maxFlows)
    this.#tcp = new TcpFlows({ maxFlows })
    this.#traffic = new Traffic(where)
    this.#told = new ToldRecords({ ...where, intervalSeconds: INTERVAL_SECONDS })
    this.#table = new FlowTable({
      ...where,
      ...flowTableOptions(options),
      records: false,
      analyzers: [this.#flows, this.#tcp, this.#traffic, this.#told],
      emit: (record) => {
        if (record.kind === 'telemetry') this.#subjects.add(record)
      },
    })
  }

  packet(packet: PacketView): void {
    this.#first ??= { seconds: packet.seconds, nanos: packet.nanos }
    this.#table.packet(packet)
  }

  advance(watermark: Instant): void {
    this.#table.advance(watermark)
    this.#now = { ...watermark }
  }

  /** Flows do not end with the input: somebody still looks at them. */
  finish(): void {
    this.#told.finish((record) => {
      if (record.kind === 'telemetry') this.#subjects.add(record)
    })
    this.#ended = true
  }

  get ledger(): FlowTable['ledger'] {
    return this.#table.ledger
  }

  /** A refresh is over, by a clock in milliseconds. */
  mark(atMs: number): void {
    const { scopes, vnis } = this.#traffic.totals()
    const sums = new Map<string, Sums>([...scopes, ...vnis].map((one) => [trafficKey(one), one]))
    for (const { type, id, packets } of this.#subjects.list()) sums.set(toldKey(type, id), { packets, bytes: 0 })
    sums.set('', this.#allOf(vnis))
    this.#older = this.#newer
    this.#newer = { time: this.#now, atMs, sums }
    this.#flows.mark()
  }

  look(view: ViewId, sort: SortId, nowMs: number): Figures {
    const seconds = this.#secondsUntil(nowMs)
    const { vnis, scopes, frames } = this.#traffic.totals()
    const all = this.#allOf(vnis)
    const before = this.#before('')
    const { open } = this.#table.counts
    const rows = new TopRows(sort, MOST_ROWS)
    if (view === 'flows') this.#addFlows(rows, seconds)
    else if (view === 'told') this.#addSubjects(rows, seconds)
    else this.#addTraffic(rows, view === 'vnis' ? vnis : scopes, seconds)
    return {
      time: this.#now === undefined ? '' : `${instantText(this.#now)?.slice(0, 19).replace('T', ' ') ?? '-'} UTC`,
      sums: [
        counted(frames, 'frame'),
        `GENEVE ${counted(all.packets, 'packet')}`,
        `${count(Math.round((all.packets - before.packets) / seconds))}/s`,
        `${bytes((all.bytes - before.bytes) / seconds)}/s`,
        `${counted(open, 'flow')} open`,
      ],
      rows: rows.list(),
      more: rows.isCut,
    }
  }

  #addTraffic(rows: TopRows, all: readonly TrafficOf[], seconds: number): void {
    for (const one of all) {
      const { value, packets, bytes: octets, flows } = one
      const before = this.#before(trafficKey(one))
      const rates = { packetRate: (packets - before.packets) / seconds, byteRate: (octets - before.bytes) / seconds }
      rows.add({ texts: [narrow(String(value))], packets, bytes: octets, flows, ...rates })
    }
  }

  #addSubjects(rows: TopRows, seconds: number): void {
    for (const { type, id, packets, values } of this.#subjects.list()) {
      const packetRate = (packets - this.#before(toldKey(type, id)).packets) / seconds
      const texts = [narrow(type), narrow(id), narrow(fieldsText(values))]
      rows.add({ texts, packets, bytes: 0, flows: 0, packetRate, byteRate: 0 })
    }
  }

  #addFlows(rows: TopRows, seconds: number): void {
    const flows = this.#flows
    for (const row of flows.rows()) {
      const { packets, bytes: octets, newPackets, newBytes } = flows.trafficOf(row)
      const packetRate = (this.#ended ? packets : newPackets) / seconds
      const byteRate = (this.#ended ? octets : newBytes) / seconds
      const initiator = flows.initiatorOf(row)
      const roundTrip = this.#roundTripOf(row, initiator)
      const figures = { packets, bytes: octets, flows: 1, packetRate, byteRate, ...(roundTrip !== undefined && { roundTrip }) }
      rows.addLazily(figures, () => [
        flows.protocolOf(row),
        flows.endOf(row, initiator),
        flows.endOf(row, initiator === 0 ? 1 : 0),
        String(flows.vniOf(row)),
      ])
    }
  }

  /** The median; before there is data the handshake's. */
  #roundTripOf(row: number, initiator: 0 | 1): number | undefined {
    const figures = this.#tcp.figures(row, initiator)
    if (figures?.roundTrips !== undefined) return percentile(figures.roundTrips, 0.5)
    const server = figures?.server.handshake
    const client = figures?.client.handshake
    return server === undefined || client === undefined ? undefined : server + client
  }

  #allOf(vnis: readonly TrafficOf[]): Sums {
    return vnis.reduce((sum, one) => ({ packets: sum.packets + one.packets, bytes: sum.bytes + one.bytes }), NONE)
  }

  #before(key: string): Sums {
    return this.#ended ? NONE : (this.#older.sums.get(key) ?? NONE)
  }

  #secondsUntil(nowMs: number): number {
    const since = this.#ended ? this.#first : (this.#older.time ?? this.#first)
    const passed = since === undefined || this.#now === undefined ? 0 : Number(nanosBetween(since, this.#now)) / 1e9
    return passed >= LEAST_SECONDS ? passed : Math.max(LEAST_SECONDS, (nowMs - this.#older.atMs) / 1000)
  }
}

function trafficKey({ attribute, value }: TrafficOf): string {
  return `${attribute} ${value}`
}

function toldKey(type: string, id: string): string {
  return `told ${type} ${id}`
}
