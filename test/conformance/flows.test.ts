import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FlowTable } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { FlowRecord } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, IS_GENEVE, PacketView } from '@geneve-telemetry/core/wire'
import { describe, expect, test } from 'vitest'

/** The folder of captures beside the repository, or in SHARED_DIR. */
const FOLDER = join(process.env['SHARED_DIR'] ?? fileURLToPath(new URL('../../../shared', import.meta.url)), 'captures')
const CAPTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.pcap(ng)?$/.test(name)) : []

const optionTable = new OptionTable(builtInVendors)

interface Followed {
  readonly flows: readonly FlowRecord[]
  readonly table: FlowTable
  /** GENEVE packets, and bytes of those among them that the table put into flows, added up beside it. */
  readonly packets: number
  readonly tunnelBytes: number
}

async function follow(capture: string, maxFlows?: number): Promise<Followed> {
  const flows: FlowRecord[] = []
  const table = new FlowTable({
    origin: 'test',
    observer: 'tap',
    optionTable,
    duplicates: 'count',
    emit: (record) => record.kind === 'flow' && flows.push(record),
    ...(maxFlows !== undefined && { maxFlows }),
  })
  const packet = new PacketView(new DecodeRules([6081, 6082], optionTable.roles))
  let packets = 0
  let tunnelBytes = 0
  let attributed = 0
  for await (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType } of openCapture(join(FOLDER, capture))) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      table.packet(packet)
      if (packet.outcome !== IS_GENEVE) continue
      packets++
      const { closed, live } = table.ledger
      if (closed + live > attributed) tunnelBytes += packet.wireLength
      attributed = closed + live
    }
  }
  table.finish()
  return { flows, table, packets, tunnelBytes }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const sidesOf = (flows: readonly FlowRecord[]) => flows.flatMap(({ forward, reverse }) => [forward, reverse])

if (CAPTURES.length === 0) {
  test('captures', ({ skip }) => {
    const reason = `skipped: there are no captures in ${FOLDER}; put the folder 'shared' beside the repository, or name it in SHARED_DIR`
    console.log(reason)
    skip(reason)
  })
}

describe.skipIf(CAPTURES.length === 0)('flows of real captures', () => {
  test.each(CAPTURES)('%s: every packet is in one flow, or in none for a reason', async (capture) => {
    for (const maxFlows of [undefined, 2]) {
      const { flows, table, packets, tunnelBytes } = await follow(capture, maxFlows)
      const sides = sidesOf(flows)
      const { closed, live, unattributed } = table.ledger
      expect({ live, packets: closed + sum(Object.values(unattributed)) }).toEqual({ live: 0, packets })
      expect(sum(sides.map((side) => side.packets))).toBe(closed)
      expect(sum(sides.map((side) => side.tunnelBytes))).toBe(tunnelBytes)
      expect(new Set(flows.map(({ id }) => id)).size).toBe(flows.length)
    }
  })

  test('tcpdump-geneve.pcap: a VNI that differs by direction does not cut a connection in two', async () => {
    const { flows, table } = await follow('tcpdump-geneve.pcap')
    expect(table.counts).toEqual({ opened: 2, open: 0, evicted: 0, ambiguous: 0, unjoined: 0 })
    // Packets by VNI and protocol as tshark lists them.
    const ssh = { source: '30.0.0.2', destination: '30.0.0.1', sourcePort: 51225, destinationPort: 22, initiator: 'syn' }
    expect(flows).toMatchObject([
      { protocol: 1, source: '30.0.0.1', forward: { packets: 3, vni: 0x0a }, reverse: { packets: 3, vni: 0x0b } },
      { protocol: 6, ...ssh, forward: { packets: 17, vni: 0x0b }, reverse: { packets: 16, vni: 0x0a } },
    ])
  })
})
