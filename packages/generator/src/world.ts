import type { Random } from './random.ts'

/** Hosts of a VPC that begin flows, and servers. */
export const CLIENTS: number = 48
export const SERVERS: number = 12
/** The address of a host with this index is the prefix, this and the index. */
const CLIENT_ADDRESSES = 0x0114
const SERVER_ADDRESSES = 0x020a
/** The resolver of a VPC stands at the second address of its range. */
const RESOLVER = 2

/** Ranges for documentation (RFC 5737): what is outside. */
export const INTERNET: number = 0xc633_6400
export const BLOCKED_INTERNET: number = 0xcb00_7180
export const INTERNET_HOSTS: number = 120
const INTERNET_IPV6 = 0xffff

export const ACCOUNTS: readonly string[] = ['111122223333', '222233334444', '333344445555', '444455556666']

interface Place {
  readonly account: number
  readonly region: string
  readonly zone: string
  readonly zoneId: string
  /** Upper 16 bits of its IPv4 range. Two of a kind overlap. */
  readonly range: number
}

const PLACES: readonly Place[] = [
  { account: 0, region: 'us-east-1', zone: 'us-east-1a', zoneId: 'use1-az1', range: 0x0a00 },
  { account: 1, region: 'us-east-1', zone: 'us-east-1b', zoneId: 'use1-az2', range: 0x0a00 },
  { account: 2, region: 'us-east-1', zone: 'us-east-1c', zoneId: 'use1-az4', range: 0x0a14 },
  { account: 0, region: 'eu-west-1', zone: 'eu-west-1a', zoneId: 'euw1-az1', range: 0x0a01 },
  { account: 1, region: 'eu-west-1', zone: 'eu-west-1b', zoneId: 'euw1-az2', range: 0x0a01 },
  { account: 3, region: 'eu-west-1', zone: 'eu-west-1c', zoneId: 'euw1-az3', range: 0xac1f },
  { account: 0, region: 'ap-southeast-2', zone: 'ap-southeast-2a', zoneId: 'apse2-az1', range: 0x0a02 },
  { account: 2, region: 'ap-southeast-2', zone: 'ap-southeast-2b', zoneId: 'apse2-az3', range: 0x0a00 },
]

/** A VPC, the load balancer's endpoint through which its traffic is inspected, and the node and the appliance at the two ends of the tunnel. */
export interface Vpc extends Place {
  readonly index: number
  readonly id: string
  readonly subnet: string
  /** The endpoint's 64 bits, and as it is written. */
  readonly endpoint: readonly [upper: number, lower: number]
  readonly endpointId: string
  /** Outer addresses. */
  readonly node: number
  readonly appliance: number
  /** What the appliance sends with; there is no rule. */
  readonly applianceTimeToLive: number
}

/** The VPCs. Ids are drawn, all else stands. Each has a load balancer's node and an appliance of its own, those of its zone. */
export function vpcsOf(random: Random): readonly Vpc[] {
  return PLACES.map((place, index) => {
    const upper = (random.word() >>> 8) * 256 + index
    const lower = random.word()
    return {
      ...place,
      index,
      id: resourceId('vpc', random),
      subnet: resourceId('subnet', random),
      endpoint: [upper, lower],
      endpointId: `vpce-0${hex(upper)}${hex(lower)}`,
      node: 0x6440_0005 + index * 256,
      appliance: 0x6440_000a + index * 256,
      applianceTimeToLive: index % 2 === 0 ? 254 : 64,
    }
  })
}

/** An id as AWS makes them today: 17 hexadecimal digits, the first of them 0. */
export function resourceId(prefix: string, random: Random): string {
  return `${prefix}-0${hex(random.word())}${hex(random.word())}`
}

/** The address of a client of a VPC, as `Flows.address` keeps it. */
export function clientAddress(vpc: Vpc, version: number, host: number): number {
  return inside(vpc, version, CLIENT_ADDRESSES + host)
}

export function serverAddress(vpc: Vpc, version: number, host: number): number {
  return inside(vpc, version, SERVER_ADDRESSES + host)
}

export function resolverAddress(vpc: Vpc, version: number): number {
  return inside(vpc, version, RESOLVER)
}

/** An address of the internet. */
export function internetAddress(version: number, host: number): number {
  return version === 4 ? INTERNET + 1 + host : INTERNET_IPV6 * 0x1_0000 + 1 + host
}

function inside(vpc: Vpc, version: number, host: number): number {
  return (version === 4 ? vpc.range : vpc.index + 1) * 0x1_0000 + host
}

/** The IPv4 address as it is written. */
export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`
}

/** The address as it is written (RFC 5952). */
export function addressText(version: number, address: number): string {
  if (version === 4) return ipv4Text(address)
  return `2001:db8:${(address >>> 16).toString(16)}::${(address & 0xffff).toString(16)}`
}

/** The 16 bytes of an IPv6 address. */
export function ipv6Bytes(address: number): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x2001_0db8)
  view.setUint16(4, address >>> 16)
  view.setUint16(14, address)
  return bytes
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
