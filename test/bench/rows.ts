import { FlowTable, type FlowTableOptions, ToldRecords, Traffic } from '@geneve-telemetry/analytics'
import { PacketLines } from '@geneve-telemetry/cli'
import { type Analyzer, type Emit, observe, PacketDescriber } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { awsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { DecodeRules, decodePacket, IS_GENEVE, PacketView } from '@geneve-telemetry/core/wire'
import { elasticsearch } from '@geneve-telemetry/exporter-elasticsearch'
import { influxdb } from '@geneve-telemetry/exporter-influxdb'
import { generate } from '@geneve-telemetry/generator'
import { do_not_optimize } from 'mitata'
import type { HeldCapture } from './held-capture.ts'
import { RECORDS, TOLD } from './record-capture.ts'
import { Requests } from './requests.ts'

const OBSERVER = 'bench'
/** What the bare walk reads: a word of each cache line where the headers are. */
const HEADERS_BYTES = 128
const STRIDE = 64
const CHUNK_LENGTH = 65_536

/** Work that is timed over a whole capture in memory. */
export interface Row {
  readonly name: string
  readonly title: string
  /** The letters of the captures that it is done over; those of captured traffic if not given. */
  readonly over?: string
  /** Does it once; returns how many packets it dealt with, which must be all. */
  readonly run: (capture: HeldCapture) => number
}

/** What a flow table and its analyzers are made with. */
type Context = FlowTableOptions & { readonly optionTable: OptionTable }

const withTraffic = (context: Context): readonly Analyzer[] => [new Traffic(context)]

const vendors = builtInVendors
const formatOptions = { vendors, flows: true }
const table = new OptionTable(vendors)
const recordProfile = awsRecord()
const recordEncoder = new RecordEncoder()
const packet = new PacketView(new DecodeRules(undefined, table.roles))

export const ROWS: readonly Row[] = [
  { name: 'walk', title: 'bare walk over the headers', run: walk },
  { name: 'decode', title: 'decode', run: decode },
  { name: 'flows', title: 'decode + flows', run: (capture) => follow(capture, () => []) },
  { name: 'traffic', title: 'decode + flows + traffic totals', run: (capture) => follow(capture, withTraffic) },
  { name: 'records', title: 'decode + packet records', run: (capture) => describe(capture, do_not_optimize) },
  { name: 'ndjson', title: 'decode + NDJSON lines', run: lines },
  { name: 'bulk', title: 'decode + packet records + _bulk', run: bulk },
  { name: 'lines', title: 'decode + flows + traffic + line protocol', run: lineProtocol },
  { name: 'record', title: 'decode + its telemetry record, each read anew', over: RECORDS, run: readRecords },
  { name: 'encode', title: 'a telemetry record into options', over: RECORDS, run: writeRecords },
  { name: 'told', title: 'decode + flows + told records', over: RECORDS, run: tell },
  { name: 'generate', title: 'as many packets made up, truth and all', over: RECORDS, run: makeUp },
]

function walk({ batches }: HeldCapture): number {
  let frames = 0
  let sum = 0
  for (const { view, count, offset, end } of batches) {
    for (let index = 0; index < count; index++) {
      const stop = Math.min(end[index]! - 4, offset[index]! + HEADERS_BYTES)
      for (let at = offset[index]!; at <= stop; at += STRIDE) sum = (sum + view.getInt32(at)) | 0
      frames++
    }
  }
  do_not_optimize(sum)
  return frames
}

/** As the pipeline walks. */
function eachPacket({ batches }: HeldCapture, take: (packet: PacketView) => void): number {
  let packets = 0
  for (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType } of batches) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      if (packet.outcome === IS_GENEVE) packets++
      take(packet)
    }
  }
  return packets
}

function decode({ batches }: HeldCapture): number {
  let packets = 0
  for (const { view, count, offset, end, wireLength, linkType } of batches) {
    for (let index = 0; index < count; index++) {
      if (decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!) === IS_GENEVE) packets++
    }
  }
  return packets
}

function readRecords(capture: HeldCapture): number {
  return eachPacket(capture, ({ view, optionsStart, optionsEnd }) => do_not_optimize(recordProfile.decode(view, optionsStart, optionsEnd)))
}

function writeRecords({ batches }: HeldCapture): number {
  let packets = 0
  for (const { count } of batches) {
    for (let index = 0; index < count; index++) do_not_optimize(recordEncoder.encode(TOLD[packets++ % TOLD.length]!))
  }
  return packets
}

/** The capture says no more than how many. */
function makeUp({ batches }: HeldCapture): number {
  let packets = 0
  for (const piece of generate({ seed: 1, packets: batches.reduce((sum, { count }) => sum + count, 0) })) {
    do_not_optimize(piece)
    packets = piece.packets
  }
  return packets
}

function tell(capture: HeldCapture): number {
  return follow(capture, (context) => [new ToldRecords(context)])
}

/** As `eachPacket`, with nothing between the decoder and the table. Without a way for records there are none, as for whoever wants totals only. */
function follow({ batches, origin }: HeldCapture, analyzersOf: (context: Context) => readonly Analyzer[], emit?: Emit): number {
  const context: Context = { origin, observer: OBSERVER, emit: emit ?? (() => {}), optionTable: table }
  const flows = new FlowTable({ ...context, duplicates: 'count', records: emit !== undefined, analyzers: analyzersOf(context) })
  let packets = 0
  for (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType } of batches) {
    for (let index = 0; index < count; index++) {
      if (decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!) === IS_GENEVE) packets++
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      flows.packet(packet)
    }
  }
  if (emit !== undefined) flows.finish()
  return packets
}

function describe(capture: HeldCapture, emit: Emit): number {
  const describer = new PacketDescriber(table)
  const observed = { origin: capture.origin, observer: OBSERVER }
  return eachPacket(capture, (each) => emit(observe(each, describer, observed)))
}

/** To bytes as the program writes them: many lines at a time. */
function lines(capture: HeldCapture): number {
  const packetLines = new PacketLines(new PacketDescriber(table))
  let text = ''
  const push = (): void => {
    do_not_optimize(Buffer.from(text))
    text = ''
  }
  const packets = eachPacket(capture, (each) => {
    text += packetLines.line(each)
    if (text.length >= CHUNK_LENGTH) push()
  })
  push()
  return packets
}

function bulk(capture: HeldCapture): number {
  const requests = new Requests(elasticsearch(formatOptions))
  const packets = describe(capture, (record) => requests.add(record))
  requests.finish()
  return packets
}

function lineProtocol(capture: HeldCapture): number {
  const requests = new Requests(influxdb(formatOptions))
  const packets = follow(capture, withTraffic, (record) => requests.add(record))
  requests.finish()
  return packets
}
