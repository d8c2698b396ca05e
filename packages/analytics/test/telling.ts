import type { MetricRecord, ToldRecord } from '@geneve-telemetry/core'
import { type GenevePacketFields, genevePacket } from '@geneve-telemetry/core/testing'
import { OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { FlowTable } from '../src/flow-table.ts'
import { ToldRecords, type ToldRecordsOptions } from '../src/told-records.ts'
import { ExampleRecord, exampleVendor, record } from './record-profile.ts'

export const ORIGIN: number = 1_700_000_000
const ETHERNET = 1

/** What leads an analyzer along packets at times in seconds after ORIGIN, and keeps what it says. */
export class Telling {
  readonly profile = new ExampleRecord()
  readonly analyzer: ToldRecords
  readonly records: ToldRecord[] = []
  readonly metrics: MetricRecord[] = []
  readonly #table: FlowTable
  readonly #packet: PacketView
  #frame = 0

  constructor(options: Partial<ToldRecordsOptions> = {}, tables?: OptionTable) {
    const optionTable = tables ?? new OptionTable([exampleVendor(this.profile)])
    this.#packet = new PacketView(new DecodeRules([6081], optionTable.roles))
    this.analyzer = new ToldRecords({ origin: 'test', observer: 'tap-1', optionTable, ...options })
    this.#table = new FlowTable({
      origin: 'test',
      observer: 'tap-1',
      records: false,
      maxFlows: 64,
      analyzers: [this.analyzer],
      emit: (one) => {
        if (one.kind === 'telemetry') this.records.push(one)
        if (one.kind === 'metric') this.metrics.push(one)
      },
    })
  }

  at(seconds: number, fields: GenevePacketFields): this {
    const bytes = genevePacket(fields)
    this.#packet.frame = ++this.#frame
    this.#packet.seconds = ORIGIN + Math.floor(seconds)
    this.#packet.nanos = Math.round((seconds - Math.floor(seconds)) * 1e9)
    decodePacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength, ETHERNET, this.#packet)
    this.#table.packet(this.#packet)
    return this
  }

  /** A packet with a record. */
  says(seconds: number, values: Parameters<typeof record>[0], fields: GenevePacketFields = {}): this {
    return this.at(seconds, { ...fields, options: record(values) })
  }

  until(seconds: number): this {
    this.#table.advance({ seconds: ORIGIN + seconds, nanos: 0 })
    return this
  }

  end(): this {
    this.#table.finish()
    return this
  }

  /** What was said, in short. */
  get said(): readonly string[] {
    return this.records.map(({ reason, subject, time, packets, values }) => {
      const told = Object.entries(values).map(([name, value]) => `${name}=${value}`)
      return `${reason} ${subject.type} ${subject.id} at ${time.seconds - ORIGIN} of ${packets}: ${told.join(' ')}`
    })
  }
}
