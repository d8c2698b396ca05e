import { isIP } from 'node:net'
import type { PacketView } from '@geneve-telemetry/core/wire'

/** A block of addresses, ready to be compared in place: an address is in it if its words, masked, are these. */
export interface AddressBlock {
  readonly version: 4 | 6
  /** 1 word for IPv4, 4 for IPv6, signed as DataView.getInt32 reads them. */
  readonly words: Int32Array
  readonly masks: Int32Array
}

/** Reads `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`; `undefined` for what is neither an address nor a block. */
export function addressBlock(text: string): AddressBlock | undefined {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if ((version !== 4 && version !== 6) || address.includes('%') || rest.length > 0) return undefined
  const bytes = version === 4 ? ipv4Bytes(address) : ipv6Bytes(address)
  const bits = prefix === undefined ? bytes.length * 8 : prefixLength(prefix)
  if (bits === undefined || bits > bytes.length * 8) return undefined

  const view = new DataView(Uint8Array.from(bytes).buffer)
  const masks = Int32Array.from({ length: bytes.length / 4 }, (_, index) => wordMask(bits - index * 32))
  return { version, words: masks.map((mask, index) => view.getInt32(index * 4) & mask), masks }
}

/** Whether the address at `offset` (-1 = none), of that IP version, is in the block. */
export function isInBlock({ version, words, masks }: AddressBlock, view: DataView, offset: number, addressVersion: number): boolean {
  if (offset < 0 || addressVersion !== version) return false
  for (let index = 0; index < words.length; index++) {
    if ((view.getInt32(offset + index * 4) & masks[index]!) !== words[index]) return false
  }
  return true
}

/** Whether any address of the packet is in the block: outer, first inner or innermost, source or destination, and those that ARP is about. */
export function isHostOf(packet: PacketView, block: AddressBlock): boolean {
  const { view } = packet
  const innerVersion = packet.isArp === 1 ? 4 : packet.innerVersion
  return (
    isInBlock(block, view, packet.innerSource, innerVersion) ||
    isInBlock(block, view, packet.innerDestination, innerVersion) ||
    isInBlock(block, view, packet.outerSource, packet.outerVersion) ||
    isInBlock(block, view, packet.outerDestination, packet.outerVersion) ||
    isInBlock(block, view, packet.firstSource, packet.firstVersion) ||
    isInBlock(block, view, packet.firstDestination, packet.firstVersion)
  )
}

function prefixLength(text: string): number | undefined {
  return /^\d{1,3}$/.test(text) ? Number(text) : undefined
}

/** A word whose first `bits` bits are set; of fewer than none none, of more than all all. */
function wordMask(bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? -1 : -1 << (32 - bits)
}

function ipv4Bytes(text: string): number[] {
  return text.split('.').map(Number)
}

/** RFC 4291, 2.2: groups of 16 bits, `::` for a run of zeros, the last 32 bits in either notation. */
function ipv6Bytes(text: string): number[] {
  const [head = '', tail] = text.split('::')
  const left = groupBytes(head)
  if (tail === undefined) return left
  const right = groupBytes(tail)
  return [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right]
}

function groupBytes(groups: string): number[] {
  if (groups === '') return []
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return ipv4Bytes(group)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
