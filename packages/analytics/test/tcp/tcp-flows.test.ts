import { percentile, type TcpFigures, tcpLoss } from '@geneve-telemetry/core'
import { genevePacket, type TcpFields, tcp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { TcpFlows, type TcpFlowsOptions } from '../../src/tcp/tcp-flows.ts'
import { Tap } from '../tap.ts'

const CLIENT = { inner: { source: '192.0.2.1', destination: '192.0.2.2' }, ports: { sourcePort: 40000, destinationPort: 443 } }
const SERVER = { inner: { source: '192.0.2.2', destination: '192.0.2.1' }, ports: { sourcePort: 443, destinationPort: 40000 } }

interface Sent extends TcpFields {
  readonly length?: number
  readonly id?: number
}

/** Two ends that talk, each packet at its time in ms; what the one flow's figures are. */
class Talk {
  readonly #tap: Tap
  readonly #tcp: TcpFlows

  constructor(options: TcpFlowsOptions = {}) {
    this.#tcp = new TcpFlows({ maxFlows: 4, ...options })
    this.#tap = new Tap({ analyzers: [this.#tcp], records: false, maxFlows: 4, duplicates: 'count' })
  }

  client(ms: number, fields: Sent): this {
    return this.#send(ms, CLIENT, fields)
  }

  server(ms: number, fields: Sent): this {
    return this.#send(ms, SERVER, fields)
  }

  /** From 1001 and 5001 on: 30 ms to the server, 10 ms to the client. */
  greet(options: TcpFields = {}): this {
    this.client(0, { flags: 'S', sequence: 1000, ...options })
    this.server(30, { flags: 'SA', sequence: 5000, acknowledgement: 1001, ...options })
    return this.client(40, { sequence: 1001, acknowledgement: 5001 })
  }

  get figures(): TcpFigures {
    return this.#tcp.figures(1, 0)!
  }

  #send(ms: number, { inner, ports }: typeof CLIENT, { length = 0, id = 0, ...fields }: Sent): this {
    const segment = tcp({ ...ports, window: 1000, ...fields }, new Uint8Array(length))
    this.#tap.frame(genevePacket({ inner: { ...inner, id }, segment }), ms / 1000)
    return this
  }
}

/** What is not zero. */
function counted(side: TcpFigures['forward']): Record<string, number> {
  return Object.fromEntries(Object.entries(side).filter(([, value]) => value !== 0))
}

describe('round trips', () => {
  test('of the handshake, through either end', () => {
    const { server, client } = new Talk().greet().figures
    expect(server.handshake).toBeCloseTo(0.03, 9)
    expect(client.handshake).toBeCloseTo(0.01, 9)
  })

  test('of a handshake in which something came twice, only of the other half', () => {
    const talk = new Talk()
      .client(0, { flags: 'S', sequence: 1000 })
      .client(1000, { flags: 'S', sequence: 1000 })
      .server(1030, { flags: 'SA', sequence: 5000, acknowledgement: 1001 })
      .client(1040, { sequence: 1001, acknowledgement: 5001 })
    const { server, client, forward } = talk.figures
    expect(server.handshake).toBeUndefined()
    expect(client.handshake).toBeCloseTo(0.01, 9)
    expect(forward.controlRetransmissions).toBe(1)
  })

  test('of data, through either end and from end to end', () => {
    const { server, client, roundTrips } = new Talk()
      .greet()
      .client(100, { sequence: 1001, acknowledgement: 5001, length: 100 })
      .client(101, { sequence: 1101, acknowledgement: 5001, length: 100 })
      .server(131, { sequence: 5001, acknowledgement: 1201, length: 50 })
      .client(139, { sequence: 1201, acknowledgement: 5051 })
      .client(200, { sequence: 1201, acknowledgement: 5051, length: 10 })
      .server(246, { sequence: 5051, acknowledgement: 1211 }).figures
    // The last segment that is acknowledged counts: 30 ms, then 46.
    expect(server.roundTrips).toMatchObject({ count: 2 })
    expect(server.roundTrips!.min).toBeCloseTo(0.03, 9)
    expect(server.roundTrips!.max).toBeCloseTo(0.046, 9)
    expect(server.variation).toBeCloseTo(0.016 / 16, 9)
    expect(client.roundTrips).toMatchObject({ count: 1 })
    expect(percentile(client.roundTrips!, 0.5)).toBeCloseTo(0.008, 9)
    expect(roundTrips).toMatchObject({ count: 2 })
    expect(roundTrips!.min).toBeCloseTo(0.038, 9)
    expect(roundTrips!.max).toBeCloseTo(0.054, 9)
  })

  test('by Karn: not of what was sent twice, nor of what waited for such', () => {
    const talk = new Talk()
      .greet()
      .client(100, { sequence: 1001, length: 100, acknowledgement: 5001 })
      .client(101, { sequence: 1101, length: 100, acknowledgement: 5001 })
      .client(400, { sequence: 1001, length: 100, acknowledgement: 5001 })
      .server(430, { sequence: 5001, acknowledgement: 1201 })
    expect(talk.figures.server.roundTrips).toBeUndefined()
    talk.client(500, { sequence: 1201, length: 100, acknowledgement: 5001 }).server(530, { sequence: 5001, acknowledgement: 1301 })
    expect(talk.figures.server.roundTrips).toMatchObject({ count: 1 })
    expect(talk.figures.server.roundTrips!.min).toBeCloseTo(0.03, 9)
  })

  test('by timestamps also of what was sent again', () => {
    const stamped = (value: number, echo: number) => ({ options: { timestamps: { value, echo } } })
    const { server } = new Talk()
      .greet(stamped(1, 0))
      .client(100, { sequence: 1001, length: 100, acknowledgement: 5001, ...stamped(100, 1) })
      .client(400, { sequence: 1001, length: 100, acknowledgement: 5001, ...stamped(400, 1) })
      .server(425, { sequence: 5001, acknowledgement: 1101, ...stamped(426, 400) }).figures
    expect(server.roundTrips).toMatchObject({ count: 1 })
    expect(server.roundTrips!.max).toBeCloseTo(0.025, 9)
  })

  test('are none where time goes backwards', () => {
    const { server } = new Talk()
      .greet()
      .client(100, { sequence: 1001, length: 100, acknowledgement: 5001 })
      .server(90, { sequence: 5001, acknowledgement: 1101 }).figures
    expect(server.roundTrips).toBeUndefined()
  })
})

describe('what was sent again', () => {
  const three = () =>
    new Talk()
      .greet()
      .client(100, { sequence: 1001, length: 100, acknowledgement: 5001 })
      .client(101, { sequence: 1101, length: 100, acknowledgement: 5001 })
      .client(102, { sequence: 1201, length: 100, acknowledgement: 5001 })

  test('upon repeated acknowledgements; the tap had seen it', () => {
    const { forward, reverse } = three()
      .server(130, { sequence: 5001, acknowledgement: 1001 })
      .server(131, { sequence: 5001, acknowledgement: 1001 })
      .server(132, { sequence: 5001, acknowledgement: 1001 })
      .client(142, { sequence: 1001, length: 100, acknowledgement: 5001 }).figures
    expect(counted(forward)).toEqual({ segments: 4, payloadBytes: 400, fastRetransmissions: 1, maxBytesInFlight: 300 })
    expect(counted(reverse)).toEqual({ duplicateAcks: 3 })
    expect(tcpLoss(forward)).toEqual({ loss: 0.25, beforeTap: 0, afterTap: 0.25 })
    expect(tcpLoss(reverse)).toBeUndefined()
  })

  test('after silence', () => {
    const { forward } = three().client(402, { sequence: 1001, length: 100, acknowledgement: 5001 }).figures
    expect(counted(forward)).toMatchObject({ timeoutRetransmissions: 1 })
  })

  test('although it was acknowledged: that is no loss', () => {
    const { forward } = three()
      .server(130, { sequence: 5001, acknowledgement: 1301 })
      .client(402, { sequence: 1001, length: 100, acknowledgement: 5001 }).figures
    expect(counted(forward)).toMatchObject({ segments: 4, spuriousRetransmissions: 1 })
    expect(tcpLoss(forward)).toEqual({ loss: 0, beforeTap: 0, afterTap: 0 })
  })

  test('and came twice, as the receiver says', () => {
    const { forward } = three()
      .client(402, { sequence: 1001, length: 100, acknowledgement: 5001 })
      .server(432, { sequence: 5001, acknowledgement: 1301, options: { sack: [[1001, 1101]] } }).figures
    expect(counted(forward)).toMatchObject({ timeoutRetransmissions: 1, duplicateSacks: 1 })
    expect(tcpLoss(forward)!.loss).toBe(0)
  })

  test('a gap that is filled late was lost before the tap; one that is filled at once was overtaken', () => {
    const gap = () => new Talk().greet().client(100, { sequence: 1101, length: 100, acknowledgement: 5001, id: 8 })
    const late = gap().client(400, { sequence: 1001, length: 100, acknowledgement: 5001, id: 9 }).figures.forward
    expect(counted(late)).toMatchObject({ timeoutRetransmissions: 1, lostBeforeTap: 1 })
    expect(tcpLoss(late)).toEqual({ loss: 0.5, beforeTap: 0.5, afterTap: 0 })
    const soon = gap().client(102, { sequence: 1001, length: 100, acknowledgement: 5001 }).figures.forward
    expect(counted(soon)).toEqual({ segments: 2, payloadBytes: 200, outOfOrder: 1, maxBytesInFlight: 200 })
    // The identification says that it was sent before, however late it comes.
    const overtaken = gap().client(130, { sequence: 1001, length: 100, acknowledgement: 5001, id: 7 }).figures.forward
    expect(counted(overtaken)).toMatchObject({ outOfOrder: 1 })
  })

  test('a gap that was acknowledged was lost by the capture alone', () => {
    const { forward } = new Talk()
      .greet()
      .client(100, { sequence: 1101, length: 100, acknowledgement: 5001 })
      .server(130, { sequence: 5001, acknowledgement: 1501 }).figures
    expect(counted(forward)).toMatchObject({ segments: 1, unseenBytes: 400 })
    expect(tcpLoss(forward)!.loss).toBe(0)
  })

  test('a FIN is no segment with payload', () => {
    const { forward } = new Talk()
      .greet()
      .client(100, { flags: 'FA', sequence: 1001, acknowledgement: 5001 })
      .client(500, { flags: 'FA', sequence: 1001, acknowledgement: 5001 }).figures
    expect(counted(forward)).toEqual({ controlRetransmissions: 1, maxBytesInFlight: 1 })
  })
})

describe('windows', () => {
  test('are scaled if both ends say so', () => {
    const { forward, reverse } = new Talk()
      .greet({ options: { mss: 1400, windowScale: 2 } })
      .server(41, { sequence: 5001, acknowledgement: 1001, window: 100 })
      .client(50, { sequence: 1001, length: 399, acknowledgement: 5001 })
      .client(51, { sequence: 1400, length: 1, acknowledgement: 5001 })
      .server(60, { sequence: 5001, acknowledgement: 1401, window: 0 })
      .client(300, { sequence: 1401, length: 1, acknowledgement: 5001 })
      .server(330, { sequence: 5001, acknowledgement: 1401, window: 0 })
      .client(400, { sequence: 1400, acknowledgement: 5001 })
      .server(430, { sequence: 5001, acknowledgement: 1401, window: 100 }).figures
    const said = { maximumSegmentSize: 1400, windowScale: 2 }
    expect(counted(forward)).toEqual({ segments: 2, payloadBytes: 400, windowFull: 1, maxBytesInFlight: 400, ...said })
    expect(counted(reverse)).toEqual({ zeroWindows: 1, ...said })
  })
})

test('keep-alives and resets are counted by who sends them', () => {
  const { forward, reverse } = new Talk()
    .greet()
    .client(10_000, { sequence: 1000, acknowledgement: 5001 })
    .server(10_030, { sequence: 5001, acknowledgement: 1001 })
    .client(20_000, { sequence: 1000, length: 1, acknowledgement: 5001 })
    .server(20_030, { flags: 'R', sequence: 5001 }).figures
  expect(counted(forward)).toEqual({ keepAlives: 2 })
  expect(counted(reverse)).toEqual({ resets: 1 })
})

test('numbers begin anew after 2^32, and those of a capture that begins in the middle are taken as they come', () => {
  const at = (offset: number): number => (2 ** 32 - 150 + offset) % 2 ** 32
  const { forward, server } = new Talk()
    .client(0, { sequence: at(0), length: 100, acknowledgement: 5001 })
    .client(1, { sequence: at(100), length: 100, acknowledgement: 5001 })
    .client(2, { sequence: at(200), length: 100, acknowledgement: 5001 })
    .server(32, { sequence: 5001, acknowledgement: at(300) }).figures
  expect(counted(forward)).toEqual({ segments: 3, payloadBytes: 300 })
  expect(server.roundTrips).toMatchObject({ count: 1 })
})

test('what does not fit a path is counted', () => {
  const { forward } = new Talk({ largestPacket: 140 }).greet().client(100, { sequence: 1001, length: 101, acknowledgement: 5001 }).figures
  expect(forward.oversized).toBe(1)
})

test('distributions are bounded, and so are flows', () => {
  const talk = new Talk({ maxHistograms: 1 }).greet()
  talk.client(100, { sequence: 1001, length: 10, acknowledgement: 5001 }).server(130, { sequence: 5001, length: 10, acknowledgement: 1011 })
  const { server, client, roundTrips } = talk.client(140, { sequence: 1011, acknowledgement: 5011 }).figures
  expect([server.roundTrips?.count, client.roundTrips, roundTrips]).toEqual([1, undefined, undefined])
  expect(() => new TcpFlows({ maxHistograms: 0 })).toThrow('maxHistograms: 0')
  expect(() => new TcpFlows({ maxSegments: 1.5 })).toThrow('maxSegments: 1.5')
  expect(() => new TcpFlows({ largestPacket: -1 })).toThrow('largestPacket: -1')
})

test('each part of a flow has its own counts, and one that has ended leaves nothing behind', () => {
  const tcpFlows = new TcpFlows({ maxFlows: 1 })
  const seen: (TcpFigures | undefined)[] = []
  const reader = { name: 'reader', advance() {}, finish() {}, flow: ({ row }: { row: number }) => seen.push(tcpFlows.figures(row, 0)) }
  const tap = new Tap({ analyzers: [reader, tcpFlows], maxFlows: 1, timeouts: { activeSeconds: 10 } })
  const data = (seconds: number, sequence: number, sourcePort: number): void => {
    tap.frame(genevePacket({ segment: tcp({ sourcePort, sequence }, new Uint8Array(50)) }), seconds)
  }
  data(0, 1000, 1)
  data(1, 1050, 1)
  data(10, 1100, 1)
  data(11, 1, 2)
  tap.table.finish()
  expect(seen.map((figures) => counted(figures!.forward))).toEqual([
    { segments: 2, payloadBytes: 100 },
    { segments: 1, payloadBytes: 50 },
    { segments: 1, payloadBytes: 50 },
  ])
})
