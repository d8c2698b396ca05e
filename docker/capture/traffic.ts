import { arp, ethernet, genevePacket, type IpFields, icmp, icmpv6, ip, type Segment, tcp, udp } from '@geneve-telemetry/core/testing'
import type { TimedFrame } from './pcap.ts'
import { type Tenant, tunnelled, tunnelOf } from './tunnel.ts'

/** How long the capture is. A replay in a loop begins anew after it. */
const SECONDS = 60
const MICROS = 1_000_000
const WEB = 443
const DATABASE = 5432
const CLOSED = 8443
const DNS = 53

const SHOP: Tenant = { scope: [0x0a11ce00, 0x00000001], vni: 0, outer: { source: '10.66.0.11', destination: '10.66.0.2' } }
const OFFICE: Tenant = { scope: [0x0a11ce00, 0x00000002], vni: 7, outer: { source: '10.66.0.12', destination: '10.66.0.2' } }
const LAB: Tenant = { scope: [0x0a11ce00, 0x00000003], vni: 42, outer: { source: '10.66.0.13', destination: '10.66.0.2' } }

/** A minute of three tenants: web, database, names and pings over IPv4 and IPv6, connections refused and broken off, and packets that are damaged. */
export function traffic(): readonly TimedFrame[] {
  const frames: TimedFrame[] = []
  for (let second = 0; second < SECONDS; second++) {
    const at = second * MICROS
    frames.push(...web(SHOP, at + 20_000, second, `198.51.100.${(second % 7) + 1}`, '10.1.0.10'))
    frames.push(...names(OFFICE, at + 110_000, second))
    if (second % 2 === 0) frames.push(...web(OFFICE, at + 230_000, second, `2001:db8:1::${(second % 5) + 1}`, '2001:db8:2::10'))
    if (second % 5 === 1) frames.push(...ping(LAB, at + 400_000, second))
    if (second % 6 === 2) frames.push(...refused(LAB, at + 500_000, second))
    if (second % 10 === 3) frames.push(...brokenOff(SHOP, at + 600_000, second))
    if (second % 8 === 4) frames.push(...damaged(LAB, at + 700_000, second))
    if (second % 12 === 5) frames.push(...others(at + 800_000))
  }
  return frames
}

/** Two ends, and what they send in turn: an IP packet each step of the clock. */
class Conversation {
  readonly frames: TimedFrame[] = []
  readonly #tenant: Tenant
  readonly #cookie: number
  readonly #ends: readonly [string, string]
  #micros: number

  constructor(tenant: Tenant, micros: number, cookie: number, client: string, server: string) {
    this.#tenant = tenant
    this.#micros = micros
    this.#cookie = cookie
    this.#ends = [client, server]
  }

  fromClient(segment: Segment): this {
    const [source, destination] = this.#ends
    return this.#add({ source, destination }, segment)
  }

  fromServer(segment: Segment): this {
    const [destination, source] = this.#ends
    return this.#add({ source, destination }, segment)
  }

  #add(inner: IpFields, segment: Segment): this {
    this.frames.push({ micros: this.#micros, bytes: tunnelled(this.#tenant, this.#cookie, inner, segment) })
    this.#micros += 1_500
    return this
  }
}

/** A connection from its first packet to its last: a request, and a page that is larger at some times than at others. */
function web(tenant: Tenant, micros: number, second: number, client: string, server: string): readonly TimedFrame[] {
  const port = 40_000 + second
  const up = (flags: string, bytes = 0) => tcp({ sourcePort: port, destinationPort: WEB, flags }, new Uint8Array(bytes))
  const down = (flags: string, bytes = 0) => tcp({ sourcePort: WEB, destinationPort: port, flags }, new Uint8Array(bytes))
  const conversation = new Conversation(tenant, micros, 0xc0000000 + second, client, server)
  conversation.fromClient(up('S')).fromServer(down('SA')).fromClient(up('A')).fromClient(up('PA', 180))
  for (let segment = 0; segment < 2 + (second % 4); segment++) conversation.fromServer(down('A', 300)).fromClient(up('A'))
  return conversation.fromServer(down('FA')).fromClient(up('FA')).fromServer(down('A')).frames
}

function names(tenant: Tenant, micros: number, second: number): readonly TimedFrame[] {
  const port = 50_000 + second
  return new Conversation(tenant, micros, 0xd0000000 + second, `10.2.0.${(second % 4) + 1}`, '10.2.0.53')
    .fromClient(udp({ sourcePort: port, destinationPort: DNS }, new Uint8Array(36)))
    .fromServer(udp({ sourcePort: DNS, destinationPort: port }, new Uint8Array(120))).frames
}

function ping(tenant: Tenant, micros: number, second: number): readonly TimedFrame[] {
  const data = new Uint8Array(56)
  const rest = 0x1000_0000 + second
  return [
    ...new Conversation(tenant, micros, 0xe0000000 + second, '10.3.0.1', '10.3.0.9')
      .fromClient(icmp({ type: 8, rest }, data))
      .fromServer(icmp({ type: 0, rest }, data)).frames,
    ...new Conversation(tenant, micros + 50_000, 0xe1000000 + second, '2001:db8:3::1', '2001:db8:3::9')
      .fromClient(icmpv6({ type: 128, rest }, data))
      .fromServer(icmpv6({ type: 129, rest }, data)).frames,
  ]
}

/** Nobody listens: the first packet is answered with a reset. */
function refused(tenant: Tenant, micros: number, second: number): readonly TimedFrame[] {
  const port = 41_000 + second
  return new Conversation(tenant, micros, 0xa0000000 + second, '10.3.0.1', '10.3.0.9')
    .fromClient(tcp({ sourcePort: port, destinationPort: CLOSED, flags: 'S' }))
    .fromServer(tcp({ sourcePort: CLOSED, destinationPort: port, flags: 'RA' })).frames
}

/** The client gives up in the middle of an answer. */
function brokenOff(tenant: Tenant, micros: number, second: number): readonly TimedFrame[] {
  const port = 42_000 + second
  const up = (flags: string, bytes = 0) => tcp({ sourcePort: port, destinationPort: DATABASE, flags }, new Uint8Array(bytes))
  const down = (flags: string, bytes = 0) => tcp({ sourcePort: DATABASE, destinationPort: port, flags }, new Uint8Array(bytes))
  return new Conversation(tenant, micros, 0xb0000000 + second, '10.1.0.10', '10.1.0.20')
    .fromClient(up('S'))
    .fromServer(down('SA'))
    .fromClient(up('PA', 64))
    .fromServer(down('A', 400))
    .fromClient(up('R')).frames
}

/** An inner packet that ends too early, a GENEVE version that nobody has defined, and an option that is longer than its header says there is room for. */
function damaged(tenant: Tenant, micros: number, second: number): readonly TimedFrame[] {
  const tunnel = tunnelOf(tenant, 0xf0000000 + second)
  const whole = ip({ source: '10.3.0.1', destination: '10.3.0.9' }, tcp({ flags: 'A' }))
  const overrun = { ...tunnel, options: [...tunnel.options, { class: 0xffff, type: 1, words: 1, length: 4 }] }
  const bytes = [
    genevePacket({ ...tunnel, payload: whole.subarray(0, 12) }),
    genevePacket({ ...tunnel, version: 1 }),
    genevePacket(overrun),
  ]
  return bytes.map((frame, index) => ({ micros: micros + index * 10_000, bytes: frame }))
}

/** What a tap sees beside GENEVE. */
function others(micros: number): readonly TimedFrame[] {
  const question = udp({ sourcePort: 53_000, destinationPort: DNS }, new Uint8Array(40))
  return [
    { micros, bytes: ethernet({}, ip({ source: '10.66.0.11', destination: '10.66.0.1' }, question)) },
    { micros: micros + 5_000, bytes: ethernet({ type: 0x0806 }, arp({})) },
  ]
}
