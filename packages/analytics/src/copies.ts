import type { PacketView } from '@geneve-telemetry/core/wire'
import { Slab } from './slab.ts'

/** What to do with packets that are seen more than once: see `FlowTableOptions.duplicates`. */
export const DUPLICATES = ['auto', 'drop', 'count'] as const
export type Duplicates = (typeof DUPLICATES)[number]

/** `CopyFinder.kindOf`: the packet is no copy; or of which of COPY_KINDS it is one, plus 1. */
export const NO_COPY: number = 0
export const TAP_COPY: number = 1
export const HAIRPIN_COPY: number = 2

/**
 * - `tap`: the same frame twice, as a tap on two interfaces, or of what comes in and of what goes out, sees it
 * - `hairpin`: an appliance has sent the packet back to where it came from
 */
export const COPY_KINDS = ['tap', 'hairpin'] as const

/** How many packets are remembered; a power of two. */
const HELD = 65_536
const BUCKETS = 2 * HELD
/** So long after the first one a frame can be seen again, and a packet come back. */
const TAP_NANOS = 10_000_000
const HAIRPIN_NANOS = 10_000_000_000
/** How many packets with the same hash are looked at: duplicate acknowledgments are alike in all that an appliance leaves as it is. */
const STEPS = 128

/** Words of a packet that is remembered; the last one is the number of the one before it with the same hash, from 1 up. */
const ENTRY_SHIFT = 3
const OWNER = 0
const HAIRPIN_SIGN = 1
const TAP_SIGN = 2
const OUTER_SUM = 3
const SECONDS = 4
const NANOS = 5
const BEFORE = 6
const MATCHED = 7

const TCP = 6
const UDP = 17
const ICMP = 1
const ICMPV6 = 58
const FIN_SYN_RST = 0x07

/**
 * Recognises packets of a flow that are copies of earlier ones. Remembers the last 65,536 packets by what a copy has in common with its original, in 2.5 MB;
 * nothing is allocated for a packet.
 *
 * A *tap copy* has the same outer addresses and the same bytes but the TTL, and comes within 10 ms. A *hairpin copy* goes the same way inside, with the outer
 * addresses swapped (an answer goes the other way inside), and has the IP id, sequence and acknowledgment numbers and length of its original; of originals
 * that are alike in all that, the one that came first is taken.
 */
export class CopyFinder {
  readonly #entries: Int32Array
  /** The number of the latest packet with a hash. */
  readonly #heads: Int32Array
  /** By row: 1 where the flow is known to have tap copies. */
  readonly #hasTapCopies: Uint8Array
  #count = 0

  constructor(rows: number) {
    this.#hasTapCopies = new Uint8Array(rows + 1)
    const slab = new Slab((HELD << ENTRY_SHIFT) + BUCKETS)
    this.#entries = slab.ints(HELD << ENTRY_SHIFT)
    this.#heads = slab.ints(BUCKETS)
  }

  /**
   * Whether the packet, which is one of side `side` of the flow in `row`, is a copy. A segment without payload and IP id may as well be one of several that the
   * sender made alike, such as duplicate acknowledgments: it is a tap copy only where the flow is known to have some.
   */
  kindOf(packet: PacketView, row: number, side: number): number {
    const { seconds, nanos } = packet
    const outerSum = outerSumOf(packet)
    const owner = (row << 2) | (side << 1) | outerWay(packet)
    const hairpinSign = hairpinSignOf(packet)
    const tapSign = tapSignOf(packet, hairpinSign)
    const entries = this.#entries
    const bucket = mixed(hairpinSign, row * 2 + side) & (BUCKETS - 1)
    const head = this.#heads[bucket]!

    let original = -1
    for (let number = head, steps = 0; number !== 0 && this.#isHeld(number) && steps < STEPS; steps++) {
      const at = (number & (HELD - 1)) << ENTRY_SHIFT
      const sinceNanos = (seconds - entries[at + SECONDS]!) * 1e9 + (nanos - entries[at + NANOS]!)
      if (sinceNanos > HAIRPIN_NANOS) break
      if (entries[at + HAIRPIN_SIGN] === hairpinSign && entries[at + OUTER_SUM] === outerSum) {
        const difference = entries[at + OWNER]! ^ owner
        if (difference === 0 && entries[at + TAP_SIGN] === tapSign && Math.abs(sinceNanos) <= TAP_NANOS) {
          if (isDistinct(packet)) this.#hasTapCopies[row] = 1
          if (this.#hasTapCopies[row] === 1) return TAP_COPY
        } else if (difference === 1 && entries[at + MATCHED] === 0) {
          original = at
        }
      }
      const before = entries[at + BEFORE]!
      // What was remembered in its place since has a larger number.
      if (before >= number) break
      number = before
    }
    this.#remember(bucket, head, owner, hairpinSign, tapSign, outerSum, seconds, nanos)
    if (original < 0) return NO_COPY
    // What came back can be seen twice as well, but it is nothing that comes back itself.
    entries[original + MATCHED] = 1
    entries[((this.#count & (HELD - 1)) << ENTRY_SHIFT) + MATCHED] = 1
    return HAIRPIN_COPY
  }

  /** The packet has begun the flow in `row`. */
  begin(packet: PacketView, row: number): void {
    this.#hasTapCopies[row] = 0
    const hairpinSign = hairpinSignOf(packet)
    const bucket = mixed(hairpinSign, row * 2) & (BUCKETS - 1)
    const { seconds, nanos } = packet
    const owner = (row << 2) | outerWay(packet)
    this.#remember(bucket, this.#heads[bucket]!, owner, hairpinSign, tapSignOf(packet, hairpinSign), outerSumOf(packet), seconds, nanos)
  }

  #isHeld(number: number): boolean {
    return this.#count - number < HELD
  }

  #remember(
    bucket: number,
    head: number,
    owner: number,
    hairpinSign: number,
    tapSign: number,
    outerSum: number,
    seconds: number,
    nanos: number,
  ): void {
    const number = this.#nextNumber()
    const entries = this.#entries
    const at = (number & (HELD - 1)) << ENTRY_SHIFT
    entries[at + OWNER] = owner
    entries[at + HAIRPIN_SIGN] = hairpinSign
    entries[at + TAP_SIGN] = tapSign
    entries[at + OUTER_SUM] = outerSum
    entries[at + SECONDS] = seconds
    entries[at + NANOS] = nanos
    entries[at + BEFORE] = head
    entries[at + MATCHED] = 0
    this.#heads[bucket] = number
  }

  /** After two thousand million packets all are forgotten, so that numbers stay small. */
  #nextNumber(): number {
    if (this.#count === 0x7fff_ffff) {
      this.#heads.fill(0)
      this.#count = 0
    }
    return ++this.#count
  }
}

/** |  Identification 2  |  Flags and Fragment Offset 2  |  behind the first four bytes of IPv4, RFC 791 */
const IDENTIFICATION = 4

/** Of what an appliance leaves as it is. */
function hairpinSignOf(packet: PacketView): number {
  const { view, innerVersion, innerHeader, innerLength, fragmentHeader, protocol, transport, end } = packet
  let sign = mixed(innerLength, protocol)
  if (innerVersion === 4) sign = mixed(sign, view.getInt32(innerHeader + IDENTIFICATION))
  if (fragmentHeader >= 0) sign = mixed(mixed(sign, view.getInt32(fragmentHeader)), view.getInt32(fragmentHeader + 4))
  if (transport < 0) return sign
  if (protocol === TCP && transport + 12 <= end) return mixed(mixed(sign, view.getInt32(transport + 4)), view.getInt32(transport + 8))
  const hasWords = protocol === UDP || protocol === ICMP || protocol === ICMPV6
  if (hasWords && transport + 8 <= end) return mixed(mixed(sign, view.getInt32(transport)), view.getInt32(transport + 4))
  return sign
}

/** Of the outer header but its TTL, and of the rest of the inner one. */
function tapSignOf(packet: PacketView, hairpinSign: number): number {
  const { view, outerVersion, outerHeader, udp, geneve, transport, protocol, end, wireLength } = packet
  let sign = mixed(hairpinSign, wireLength)
  if (outerVersion === 4) sign = mixed(sign, view.getInt32(outerHeader + IDENTIFICATION))
  if (udp >= 0) sign = mixed(mixed(sign, view.getInt32(udp)), view.getInt32(udp + 4))
  sign = mixed(sign, view.getInt32(geneve + 4))
  if (protocol === TCP && transport + 20 <= end) return mixed(mixed(sign, view.getInt32(transport + 12)), view.getInt32(transport + 16))
  return transport >= 0 && transport + 12 <= end ? mixed(sign, view.getInt32(transport + 8)) : sign
}

/** Whether a sender makes no two such packets within milliseconds. */
function isDistinct({ view, innerVersion, innerHeader, payloadLength, tcpFlags, protocol }: PacketView): boolean {
  if (innerVersion === 4 && view.getUint16(innerHeader + IDENTIFICATION) !== 0) return true
  return protocol !== TCP || payloadLength > 0 || (tcpFlags & FIN_SYN_RST) !== 0
}

/** The same for both ways between two outer addresses. */
function outerSumOf({ view, outerVersion, outerSource, outerDestination }: PacketView): number {
  if (outerVersion === 0) return 0
  const last = outerVersion === 6 ? 12 : 0
  return (view.getInt32(outerSource + last) + view.getInt32(outerDestination + last)) | 0
}

/** Which way the packet goes between its outer addresses: 0 or 1. */
function outerWay({ view, outerVersion, outerSource, outerDestination }: PacketView): number {
  if (outerVersion === 0) return 0
  const last = outerVersion === 6 ? 12 : 0
  return view.getInt32(outerSource + last) > view.getInt32(outerDestination + last) ? 1 : 0
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}
