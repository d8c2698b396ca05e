import { hash } from 'node:crypto'
import { ICMP_PAIRS, ONE_WAY } from './icmp-pairs.ts'

const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
const SCTP = 132
const SEED = 0
/** | seed 2 | address | address | protocol 1 | 0 | port 2 | port 2 | */
const FIXED = 2 + 2 + 4

/**
 * The Community ID, version 1 (corelight/community-id-spec): the same text for both directions of a connection, in all tools that know it.
 *
 * @param source 4 or 16 bytes, as is `destination`
 * @param ports the source's in the upper 16 bits; of ICMP the type, and its counterpart's or, of a message that goes one way, the code
 */
export function communityId(source: Uint8Array, destination: Uint8Array, protocol: number, ports: number): string {
  const length = source.byteLength
  const isOrdered = !isAfter(source, destination, ports) || isOneWay(protocol, ports)
  const input = new Uint8Array(FIXED + 2 * length)
  const view = new DataView(input.buffer)
  view.setUint16(0, SEED)
  input.set(isOrdered ? source : destination, 2)
  input.set(isOrdered ? destination : source, 2 + length)
  const at = 2 + 2 * length
  view.setUint16(at, protocol << 8)
  view.setUint32(at + 2, isOrdered ? ports : (ports << 16) | (ports >>> 16))
  return `1:${hash('sha1', input.subarray(0, hasPorts(protocol) ? at + 6 : at + 2), 'base64')}`
}

function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP || protocol === ICMP || protocol === ICMPV6
}

function isOneWay(protocol: number, ports: number): boolean {
  if (protocol !== ICMP && protocol !== ICMPV6) return false
  return ICMP_PAIRS[(protocol === ICMP ? 0 : 256) + ((ports >>> 16) & 0xff)] === ONE_WAY
}

/** Whether the source is the larger end, by the address's bytes, then by the port. */
function isAfter(source: Uint8Array, destination: Uint8Array, ports: number): boolean {
  for (let index = 0; index < source.byteLength; index++) {
    if (source[index] !== destination[index]) return source[index]! > destination[index]!
  }
  return ports >>> 16 > (ports & 0xffff)
}
