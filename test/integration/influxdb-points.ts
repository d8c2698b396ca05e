import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { FlowTable, Traffic } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import { type Encoded, type Exporter, isRejected, type TelemetryRecord } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, PacketView, protocolName } from '@geneve-telemetry/core/wire'
import wire from '@geneve-telemetry/exporter-influxdb'
import { expect } from 'vitest'
import { ROOT } from '../command.ts'
import { type GoldenRow, readGolden } from '../conformance/golden.ts'
import { CAPTURES } from './written.ts'

/** A point as a server gives it back: tags and fields by their keys, as text. */
export type Row = Readonly<Record<string, string>>

export const never: AbortSignal = new AbortController().signal

/** The exporter that the program makes of a URL. */
export async function exporterTo(url: string, environment: Readonly<Record<string, string>>, flows = true): Promise<Exporter> {
  const readFile = () => Promise.reject(new Error('no file is needed'))
  return (await wire({ url: new URL(url), environment, readFile, vendors: builtInVendors, flows, live: false })) as Exporter
}

/** The flows and metrics of a capture. */
export async function recordsOf(capture: string, observer: string): Promise<readonly TelemetryRecord[]> {
  const records: TelemetryRecord[] = []
  const optionTable = new OptionTable(builtInVendors)
  const context = {
    origin: basename(capture).replaceAll('-', '_'),
    observer,
    optionTable,
    emit: (each: TelemetryRecord) => records.push(each),
  }
  const table = new FlowTable({ ...context, duplicates: 'count', records: true, analyzers: [new Traffic(context)] })
  const packet = new PacketView(new DecodeRules(undefined, optionTable.roles))
  const path = join(ROOT, capture)
  for await (const batch of openCapture(existsSync(path) ? path : capture)) {
    for (let index = 0; index < batch.count; index++) {
      const { view, offset, end, linkType, wireLength } = batch
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      packet.frame = batch.firstFrame + index
      packet.seconds = batch.seconds[index]!
      packet.nanos = batch.nanos[index]!
      table.packet(packet)
    }
  }
  table.finish()
  return records
}

export function encodedBy(exporter: Exporter, records: readonly TelemetryRecord[]): readonly Encoded[] {
  return records.map((record) => {
    const encoded = exporter.encode(record)
    if (isRejected(encoded)) throw new Error(encoded.rejected)
    return encoded
  })
}

/** Sends all of it in requests of 500; everything must be delivered. */
export async function deliver(exporter: Exporter, records: readonly TelemetryRecord[]): Promise<void> {
  await exporter.start?.(never)
  const encoded = encodedBy(exporter, records)
  for (let index = 0; index < encoded.length; index += 500) {
    expect(await exporter.send(encoded.slice(index, index + 500), never)).toEqual({ retry: [], rejected: [] })
  }
}

/** Figures by what they are of, added up. */
type Figures = Readonly<Record<string, { readonly packets: number; readonly tunnelBytes: number }>>

function figures<T>(all: readonly T[], keyOf: (each: T) => string, of: (each: T) => { packets: number; tunnelBytes: number }): Figures {
  const found: Record<string, { packets: number; tunnelBytes: number }> = {}
  for (const each of all) {
    const { packets, tunnelBytes } = of(each)
    const before = found[keyOf(each)]
    found[keyOf(each)] = { packets: packets + (before?.packets ?? 0), tunnelBytes: tunnelBytes + (before?.tunnelBytes ?? 0) }
  }
  return found
}

const figuresOfRow = (row: Row) => ({ packets: Number(row['packets']), tunnelBytes: Number(row['tunnel_bytes']) })
const figuresOfFrame = (row: GoldenRow) => ({ packets: 1, tunnelBytes: Number(row.text('frame.len')) })

const seriesOfRow = (row: Row): string => `${row['vni']} ${row['network_type']} ${row['transport']}`
function seriesOfFrame(row: GoldenRow): string {
  return `${Number(row.text('geneve.vni'))} ${row.innermostIp?.name === 'ip' ? 'ipv4' : 'ipv6'} ${transportOf(row)}`
}

/** Both directions of a flow are one, and so are flows that follow one another between the same ends. */
const between = (transport: string, ...ends: readonly string[]): string => `${transport} ${ends.toSorted().join(' ')}`
const flowOfRow = (row: Row): string => {
  const end = (side: string) => [row[side], row[`${side}_port`]].filter((part) => part !== undefined && part !== '').join('#')
  return between(row['transport'] ?? '', end('source'), end('destination'))
}
function flowOfFrame(row: GoldenRow): string {
  const ip = row.innermostIp
  const transport = transportOf(row)
  const header = row.transport(transport)
  const end = (side: 'src' | 'dst') => {
    const port = header === undefined ? '' : row.of([header], `${header.name}.${side}port`)
    return `${row.of([ip], `${ip?.name}.${side}`)}${port === '' ? '' : `#${port}`}`
  }
  return between(transport, end('src'), end('dst'))
}

function transportOf(row: GoldenRow): string {
  const ip = row.innermostIp
  return protocolName(Number(row.of([ip], ip?.name === 'ip' ? 'ip.proto' : 'ipv6.nxt')))
}

/** What tshark saw in the same file; undefined where nobody has asked it, or not for this. */
function golden(capture: string): readonly GoldenRow[] | undefined {
  if (dirname(capture) === dirname(CAPTURES[0]!)) return undefined
  const { columns, rows } = readGolden(dirname(capture), basename(capture))
  const isEnough = ['frame.protocols', 'frame.len', 'geneve.vni'].every((column) => columns.includes(column))
  return isEnough ? [...rows.values()].filter(({ isGeneve }) => isGeneve) : undefined
}

/** Holds what came back against what was sent, and both against tshark. */
export function expectFigures(capture: string, records: readonly TelemetryRecord[], traffic: readonly Row[], flows?: readonly Row[]): void {
  const rowsSent = records.flatMap((record): Row[] => {
    if (record.kind !== 'metric' || record.measurement !== 'traffic') return []
    const { vni, network_type, transport } = record.attributes
    const { packets, tunnel_bytes } = record.points
    return [
      {
        vni: String(vni),
        network_type: String(network_type),
        transport: String(transport),
        packets: String(packets?.value),
        tunnel_bytes: String(tunnel_bytes?.value),
      },
    ]
  })
  const series = figures(traffic, seriesOfRow, figuresOfRow)
  expect(traffic.length).toBe(rowsSent.length)
  expect(series).toEqual(figures(rowsSent, seriesOfRow, figuresOfRow))
  const frames = golden(capture)
  if (frames !== undefined) expect(series).toEqual(figures(frames, seriesOfFrame, figuresOfFrame))
  if (flows === undefined) return

  const flowsSent = records.filter((record) => record.kind === 'flow')
  expect(flows.length).toBe(flowsSent.length)
  const byFlow = new Map(flows.map((row) => [`${row['flow']}/${row['part']}`, row]))
  for (const { flow, part, forward, reverse, source, destination } of flowsSent) {
    const row = byFlow.get(`${flow}/${part}`)
    expect(row).toMatchObject({
      source,
      destination,
      source_packets: String(forward.packets),
      source_bytes: String(forward.bytes),
      source_tunnel_bytes: String(forward.tunnelBytes),
      destination_packets: String(reverse.packets),
      destination_bytes: String(reverse.bytes),
      destination_tunnel_bytes: String(reverse.tunnelBytes),
    })
  }
  if (frames !== undefined) expect(figures(flows, flowOfRow, figuresOfRow)).toEqual(figures(frames, flowOfFrame, figuresOfFrame))
}

/** The points of a measurement that a server has of an observer. */
export type Points = (measurement: string, observer: string) => Promise<readonly Row[]>

/** All points of an observer. */
export async function storedBy(points: Points, observer: string): Promise<readonly Row[]> {
  return (
    await Promise.all(['geneve_flow', 'geneve_traffic', 'geneve_option', 'geneve_decoder'].map((name) => points(name, observer)))
  ).flat()
}

/** What is in the capture is there per flow and per series, once, however often it is written. */
export async function expectOnce(exporter: Exporter, capture: string, observer: string, points: Points): Promise<void> {
  const records = await recordsOf(capture, observer)
  await deliver(exporter, records)
  const first = await storedBy(points, observer)
  expect(first.length).toBe(records.length)
  expectFigures(capture, records, await points('geneve_traffic', observer), await points('geneve_flow', observer))
  await deliver(exporter, records)
  expect(new Set(await storedBy(points, observer))).toEqual(new Set(first))
}
