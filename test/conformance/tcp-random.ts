import { genevePacket, type TcpOptions, tcp } from '@geneve-telemetry/core/testing'

const FIRST_SECOND = 1_700_000_000
const RECENT = 12

interface End {
  readonly address: string
  readonly port: number
  next: number
  acknowledged: number
  window: number
  scale: number
  /** What was sent last: sequence numbers and lengths. */
  recent: { sequence: number; length: number }[]
}

interface Sent {
  readonly sequence?: number
  readonly acknowledgement?: number
  readonly length?: number
  readonly flags?: string
  readonly window?: number
  readonly options?: TcpOptions
}

type Conversation = readonly [End, End]

/**
 * A capture (pcap, ns) of connections that go wrong in all the ways that TCP analysis knows, and some in no way that makes sense. The same seed gives the same
 * bytes.
 */
export function randomTcp(seed: number, packets: number): Uint8Array {
  const random = new Random(seed)
  const writer = new CaptureWriter(random)
  const conversations = Array.from({ length: 1 + Math.ceil(packets / 400) }, (_, index) => conversation(index, random))
  for (const ends of conversations) handshake(ends, random, writer)
  while (writer.packets < packets) {
    const ends = random.of(conversations)
    const isForward = random.chance(0.5)
    const me = isForward ? ends[0] : ends[1]
    const peer = isForward ? ends[1] : ends[0]
    const steps = random.of(STEPS)
    steps({ me, peer, random, send: (from, sent) => writer.send(from, from === me ? peer : me, sent) })
  }
  return writer.bytes()
}

interface Scene {
  readonly me: End
  readonly peer: End
  readonly random: Random
  readonly send: (from: End, sent?: Sent) => void
}

const STEPS: readonly ((scene: Scene) => void)[] = [
  // Data, and its acknowledgement.
  ({ me, peer, random, send }) => {
    for (let count = random.below(6); count >= 0; count--)
      send(me, { length: 1 + random.below(400), flags: random.chance(0.3) ? 'PA' : 'A' })
    if (random.chance(0.8)) send(peer, { acknowledgement: me.next })
  },
  // A part of it acknowledged, or selectively.
  ({ me, peer, random, send }) => {
    const { sequence, length } = random.of(me.recent)
    const blocks = Array.from({ length: 1 + random.below(4) }, () => random.of(me.recent))
    const sack = blocks.map((block) => [block.sequence, add(block.sequence, block.length)] as const)
    send(peer, {
      acknowledgement: add(sequence, random.chance(0.7) ? length : random.below(length + 1)),
      ...(random.chance(0.5) && { options: { sack } }),
    })
  },
  // Sent again: whole, in part, with more, or beyond.
  ({ me, random, send }) => {
    const { sequence, length } = random.of(me.recent)
    const shifted = add(sequence, random.chance(0.7) ? 0 : random.below(9) - 4)
    send(me, { sequence: shifted, length: random.chance(0.7) ? length : 1 + random.below(500) })
  },
  // A gap, filled or not, soon or late.
  ({ me, random, send }) => {
    const gap = me.next
    const length = 1 + random.below(300)
    me.next = add(me.next, length)
    send(me, { length: 100 })
    if (random.chance(0.7)) send(me, { sequence: gap, length })
  },
  // Repeated acknowledgements, and what is sent upon them.
  ({ me, peer, random, send }) => {
    const { sequence, length } = random.of(me.recent)
    for (let count = random.below(8); count >= 0; count--) send(peer, { acknowledgement: sequence })
    if (random.chance(0.8)) send(me, { sequence, length })
  },
  ({ me, peer, random, send }) => {
    send(me, { sequence: add(me.next, -1), length: random.below(2) })
    if (random.chance(0.8)) send(peer)
  },
  ({ me, peer, random, send }) => {
    send(peer, { window: 0, acknowledgement: me.next })
    for (let count = random.below(6); count > 0; count--) {
      send(me, { sequence: me.next, length: 1 })
      if (random.chance(0.8)) send(peer, { window: 0, ...(random.chance(0.3) && { acknowledgement: add(me.next, 1) }) })
    }
    if (random.chance(0.8)) send(peer, { window: 100 + random.below(1000) })
  },
  ({ peer, random, send }) => send(peer, { window: random.below(3000) }),
  // Up to the edge of the window.
  ({ me, peer, random, send }) => {
    const window = 1 + random.below(900)
    send(peer, { acknowledgement: me.next, window })
    const edge = window << Math.max(peer.scale, 0)
    send(me, { length: Math.max(1, Math.min(1400, edge + random.below(3) - 1)) })
    if (edge > 1400 && edge < 2800) send(me, { length: edge - 1400 })
  },
  // An acknowledgement of what was not seen.
  ({ me, peer, random, send }) => {
    send(peer, { acknowledgement: add(me.next, 1 + random.below(500)) })
    if (random.chance(0.5)) send(me, { length: 10 })
  },
  ({ me, peer, random, send }) => {
    if (random.chance(0.7)) return
    send(me, { flags: random.of(['FA', 'F', 'RA', 'R', 'FPA', 'SR']), length: random.chance(0.2) ? 20 : 0 })
    if (random.chance(0.5)) send(peer, { acknowledgement: me.next, flags: random.of(['A', 'FA', 'RA']) })
  },
  // The same ports again, or their SYN again.
  ({ me, peer, random, send }) => {
    if (random.chance(0.4)) handshake([me, peer], random, { send: (from, _, sent) => send(from, sent) })
    if (random.chance(0.1)) send(me, { flags: 'S', acknowledgement: 0, sequence: me.next })
    if (random.chance(0.1)) send(me, { flags: 'SA', sequence: random.sequence() })
    if (random.chance(0.05)) send(me, { flags: 'S', length: 30, sequence: random.sequence() })
  },
  // No sense at all.
  ({ me, peer, random, send }) =>
    send(me, {
      sequence: add(me.next, random.chance(0.8) ? random.below(2000) - 1000 : random.below(2 ** 32)),
      acknowledgement: add(peer.next, random.chance(0.8) ? random.below(2000) - 1000 : random.below(2 ** 32)),
      length: random.chance(0.5) ? 0 : random.below(300),
      flags: random.of(['A', 'A', 'A', 'PA', '', 'F', 'R', 'RA', 'P']),
      window: random.of([0, me.window, random.below(65536)]),
    }),
]

function conversation(index: number, random: Random): Conversation {
  const end = (address: string, port: number): End => ({ address, port, next: 0, acknowledged: 0, window: 1000, scale: -1, recent: [] })
  const client = end(`10.0.${index >> 8}.${index & 255 || 1}`, 1024 + random.below(60_000))
  return random.chance(0.5) ? [client, end('192.0.2.1', 443)] : [end('192.0.2.1', 443), client]
}

function handshake([client, server]: Conversation, random: Random, { send }: Pick<CaptureWriter, 'send'>): void {
  const [clientScales, serverScales] = [random.chance(0.5), random.chance(0.5)]
  const from = random.sequence()
  const back = random.sequence()
  client.scale = clientScales && serverScales ? random.below(4) : -1
  server.scale = client.scale
  const scaled = (isScaled: boolean) => ({ options: { mss: 1460, ...(isScaled && { windowScale: Math.max(client.scale, 0) }) } })
  // The beginning may be missing, or come twice.
  if (random.chance(0.9)) send(client, server, { flags: 'S', sequence: from, acknowledgement: 0, ...scaled(clientScales) })
  if (random.chance(0.1)) send(client, server, { flags: 'S', sequence: from, acknowledgement: 0, ...scaled(clientScales) })
  if (random.chance(0.9)) send(server, client, { flags: 'SA', sequence: back, acknowledgement: add(from, 1), ...scaled(serverScales) })
  client.next = add(from, 1)
  server.next = add(back, 1)
  send(client, server, { acknowledgement: server.next })
  send(client, server, { length: 50 })
  send(server, client, { length: 50, acknowledgement: client.next })
}

class CaptureWriter {
  packets = 0
  readonly #random: Random
  readonly #parts: Uint8Array[] = []
  #nanos = 0

  constructor(random: Random) {
    this.#random = random
    const header = new DataView(new ArrayBuffer(24))
    header.setUint32(0, 0xa1b23c4d)
    header.setUint16(4, 2)
    header.setUint16(6, 4)
    header.setUint32(16, 65535)
    header.setUint32(20, 1)
    this.#parts.push(new Uint8Array(header.buffer))
  }

  readonly send = (from: End, to: End, sent: Sent = {}): void => {
    this.#nanos = Math.max(0, this.#nanos + this.#random.pause())
    const sequence = sent.sequence ?? from.next
    const length = sent.length ?? 0
    const flags = sent.flags ?? 'A'
    from.acknowledged = sent.acknowledgement ?? from.acknowledged
    from.window = sent.window ?? from.window
    if (length > 0) from.recent = [...from.recent.slice(1 - RECENT), { sequence, length }]
    const end = add(sequence, length + (/[SF]/.test(flags) ? 1 : 0))
    if (((end - from.next) | 0) > 0 && ((end - from.next) | 0) < 10_000) from.next = end
    const header = {
      sourcePort: from.port,
      destinationPort: to.port,
      sequence,
      acknowledgement: from.acknowledged,
      flags,
      window: from.window,
      ...(sent.options !== undefined && { options: sent.options }),
    }
    const inner = { source: from.address, destination: to.address }
    this.#write(genevePacket({ inner, segment: tcp(header, new Uint8Array(length)) }))
  }

  #write(frame: Uint8Array): void {
    const header = new DataView(new ArrayBuffer(16))
    header.setUint32(0, FIRST_SECOND + Math.floor(this.#nanos / 1e9))
    header.setUint32(4, this.#nanos % 1e9)
    header.setUint32(8, frame.byteLength)
    header.setUint32(12, frame.byteLength)
    this.#parts.push(new Uint8Array(header.buffer), frame)
    this.packets++
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}

/** Sequence numbers, modulo 2^32. */
function add(sequence: number, bytes: number): number {
  return (sequence + bytes) >>> 0
}

class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  chance(share: number): boolean {
    return this.below(1_000_000) < share * 1_000_000
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!
  }

  /** Often one near the end of all numbers. */
  sequence(): number {
    return this.chance(0.3) ? add(-this.below(3000), 0) : this.below(2 ** 32)
  }

  /** Nanoseconds, most of them few; also what tshark's rules turn at, and times that go back. */
  pause(): number {
    if (this.chance(0.03)) return this.of([2_999_999, 3_000_000, 19_999_999, 20_000_000])
    if (this.chance(0.01)) return -this.below(5_000_000)
    return Math.floor(10 ** (3 + this.below(6000) / 1000))
  }
}
