import type { FlowRecord, TelemetryRecord } from '@geneve-telemetry/core'
import { type GenevePacketFields, genevePacket, hex } from '@geneve-telemetry/core/testing'
import { OptionTable, type Vendor } from '@geneve-telemetry/core/vendors'
import awsGwlb from '@geneve-telemetry/core/vendors/aws'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { FlowTable } from '../src/flow-table.ts'
import type { FlowTableOptions } from '../src/flow-table-options.ts'

const ETHERNET = 1
/** A second option with the role scope, so that scopes of different options meet. */
const other: Vendor = {
  name: 'Other',
  options: [
    {
      optionClass: 0xfff0,
      type: 7,
      length: 8,
      fields: [{ ...awsGwlb.options[0]!.fields[0]!, name: 'segment', otel: 'segment', ecs: 'segment', influx: 'segment' }],
      source: 'this test',
    },
  ],
}
export const optionTable: OptionTable = new OptionTable([awsGwlb, other])

/** The option that keeps the flows of one load balancer endpoint from those of another. */
export function endpoint(digits: string): { class: number; type: number; data: Uint8Array } {
  return { class: 0x0108, type: 1, data: hex(digits.padStart(16, '0')) }
}

/** Feeds a flow table with frames as a loop over a capture would, and keeps what it emits. */
export class Tap {
  readonly records: TelemetryRecord[] = []
  readonly table: FlowTable
  readonly packet: PacketView = new PacketView(new DecodeRules([6081], optionTable.roles))
  /** Frames given so far. */
  frames = 0

  constructor(options: Partial<FlowTableOptions> = {}) {
    this.table = new FlowTable({
      origin: 'test',
      observer: 'tap-1',
      optionTable,
      duplicates: 'count',
      emit: (record) => this.records.push(record),
      ...options,
    })
  }

  /** One frame at a time in seconds after 1,700,000,000. */
  frame(bytes: Uint8Array, seconds: number = this.frames, linkType: number = ETHERNET, length: number = bytes.byteLength): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.packet.frame = ++this.frames
    this.packet.seconds = 1_700_000_000 + Math.floor(seconds)
    this.packet.nanos = Math.round((seconds - Math.floor(seconds)) * 1e9)
    decodePacket(view, 0, bytes.byteLength, linkType, this.packet, length)
    this.table.packet(this.packet)
    return this
  }

  packets(...all: readonly GenevePacketFields[]): this {
    for (const fields of all) this.frame(genevePacket(fields))
    return this
  }

  /** Ends the source. All flows in the order of their first frames. */
  flows(): FlowRecord[] {
    this.table.finish()
    return this.records.filter((record) => record.kind === 'flow')
  }
}

/** The same packet on its way back: outer and inner addresses and the ports the other way round. */
export function back(fields: GenevePacketFields): GenevePacketFields {
  const { outer = {}, inner = {}, tcp = {} } = fields
  return {
    ...fields,
    outer: { ...outer, source: outer.destination ?? '10.0.0.2', destination: outer.source ?? '10.0.0.1' },
    inner: { ...inner, source: inner.destination ?? '192.0.2.2', destination: inner.source ?? '192.0.2.1' },
    tcp: { ...tcp, sourcePort: tcp.destinationPort ?? 80, destinationPort: tcp.sourcePort ?? 49152 },
  }
}
