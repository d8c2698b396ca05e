import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FlowTable, TcpFlows } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { Analyzer, TcpFigures, TcpSideFigures } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { type FlowTruth, generate, type SideTruth } from '@geneve-telemetry/generator'
import { afterAll, describe, expect, test } from 'vitest'

// Whether the figures of TCP connections are what the generator has done to them. It knows what the tap cannot: how much was lost that never came by.

const TCP = 6
const DAY_SECONDS = 86_400
const MAX_FLOWS = 65_536
const IMPAIR = { loss: 0.02, reorder: 0.01, 'zero-window': 0.05, keepalive: 0.3, wrap: 0.1 }

/** By the frame that the connection began with; side 0 is the sender of that. */
async function figuresOf(path: string): Promise<ReadonlyMap<number, TcpFigures>> {
  const tcp = new TcpFlows({ maxFlows: MAX_FLOWS })
  const frames = new Map<number, number>()
  const found = new Map<number, TcpFigures>()
  const reader: Analyzer = {
    name: 'reader',
    packet: (packet, flow) => flow?.isNew && frames.set(flow.row, packet.frame),
    flow({ row }) {
      const figures = tcp.figures(row, 0)
      if (figures !== undefined) found.set(frames.get(row)!, figures)
    },
    advance() {},
    finish() {},
  }
  const timeouts = { activeSeconds: DAY_SECONDS, tcpIdleSeconds: DAY_SECONDS, closedSeconds: DAY_SECONDS }
  const options = { origin: 'test', observer: 'tap', maxFlows: MAX_FLOWS, records: false, timeouts, emit: () => {} }
  const table = new FlowTable({ ...options, analyzers: [reader, tcp] })
  const packet = new PacketView(new DecodeRules([6081], new OptionTable(builtInVendors).roles))
  for await (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, linkType } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      packet.frame = firstFrame + index
      packet.seconds = seconds[index]!
      packet.nanos = nanos[index]!
      table.packet(packet)
    }
  }
  table.finish()
  return found
}

const again = (side: TcpSideFigures): number =>
  side.fastRetransmissions + side.timeoutRetransmissions + side.spuriousRetransmissions + side.controlRetransmissions
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

describe.each([1, 2])('a network that is made up, seed %i', async (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'tcp-figures-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'made.pcap')
  const pieces = [...generate({ seed, packets: 100_000, rate: 2000, impair: IMPAIR })]
  writeFileSync(path, Buffer.concat(pieces.map(({ bytes }) => bytes)))
  const truths = pieces.flatMap(({ truth }) => truth).filter((line): line is FlowTruth => line.kind === 'flow' && line.protocol === TCP)
  const found = await figuresOf(path)
  const sides = truths.flatMap(({ first_frame: frame, initiator, responder }): [SideTruth, TcpSideFigures][] => {
    const { forward, reverse } = found.get(frame)!
    return [
      [initiator, forward],
      [responder, reverse],
    ]
  })

  test('each connection is one', () => {
    expect(truths.length).toBeGreaterThan(1000)
    expect([...found.keys()].sort()).toEqual(truths.map(({ first_frame: frame }) => frame).sort())
  })

  test('handshakes took as long as they did, to the nanosecond', () => {
    const once = truths.filter(({ handshake, first_frame: frame }) => {
      const { forward, reverse } = found.get(frame)!
      return handshake !== undefined && forward.controlRetransmissions + reverse.controlRetransmissions === 0
    })
    expect(once.length).toBeGreaterThan(1000)
    const nanos = (seconds: number | undefined): number => Math.round((seconds ?? 0) * 1e9)
    for (const { handshake, first_frame: frame } of once) {
      const { server, client } = found.get(frame)!
      expect([nanos(server.handshake), nanos(client.handshake)], `frame ${frame}`).toEqual([
        handshake!.responder_ns,
        handshake!.initiator_ns,
      ])
    }
  })

  test('payload, keep-alives and what was sent again are counted', () => {
    // What probes a closed window is no payload of ours. IPv6 has no identification, by which what is sent again differs from a copy at the tap.
    const others = sides.filter(([truth]) => truth.window_probes === 0 && !truth.address.includes(':'))
    expect(others.length).toBeGreaterThan(1000)
    for (const [truth, side] of others) expect(side.payloadBytes).toBe(truth.payload_bytes)
    expect(total(sides.map(([, side]) => side.keepAlives))).toBe(total(sides.map(([truth]) => truth.keepalives)))
    // What was lost before the tap with nothing behind it is sent for the first time, as the tap sees it; nothing else is missed, and
    // nothing made up but of what was overtaken by so much that it looks the same.
    for (const [truth, side] of others) {
      const late = Math.max(0, truth.reordered - side.outOfOrder)
      expect(again(side)).toBeLessThanOrEqual(truth.retransmissions + late)
      expect(again(side)).toBeGreaterThanOrEqual(truth.retransmissions - truth.lost_before_tap)
    }
  })
})
