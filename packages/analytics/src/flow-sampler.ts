import type { PacketView } from '@geneve-telemetry/core/wire'
import { ICMP_PAIRS } from './icmp-pairs.ts'

const PAIRS = ICMP_PAIRS
const ICMP = 1
const ICMPV6 = 58
const LARGEST_ONE_IN = 2 ** 20
const DEFAULT_SEED = 0x5a3d1e

/** Of which flows there is telemetry. */
export interface FlowSample {
  /** One flow in so many, 1 to 1,048,576. */
  readonly oneIn: number
  /** Of the hash that chooses, an integer: samples with different ones have nothing to do with each other. */
  readonly seed?: number
}

/**
 * Chooses flows by a hash of the innermost 5-tuple: all packets of a flow or none, both directions and all copies. Scope and VNI are left out, since those of the
 * two directions may differ. Whoever is in a sample of one in 2 n is in that of one in n, too.
 */
export class FlowSampler {
  readonly weight: number
  readonly #threshold: number
  readonly #seed: number

  /** Throws RangeError naming the option and what is allowed. */
  constructor({ oneIn, seed = DEFAULT_SEED }: FlowSample) {
    if (!Number.isInteger(oneIn) || oneIn < 1 || oneIn > LARGEST_ONE_IN)
      throw new RangeError(`sample: oneIn: ${oneIn} is not a whole number from 1 to ${LARGEST_ONE_IN}`)
    if (!Number.isInteger(seed)) throw new RangeError(`sample: seed: ${seed} is not an integer`)
    this.weight = oneIn
    this.#threshold = 2 ** 32 / oneIn
    this.#seed = seed | 0
  }

  /** Whether a GENEVE packet is in the sample. What has no innermost IP packet is in no flow, and chosen by the number of its frame. */
  keeps(packet: PacketView): boolean {
    return this.#hashOf(packet) >>> 0 < this.#threshold
  }

  #hashOf(packet: PacketView): number {
    const { view, innerVersion, innerHeader, protocol, icmp } = packet
    if (innerVersion === 0) return mixed(mixed(this.#seed, packet.frame), packet.frame / 2 ** 32)
    const isIpv4 = innerVersion === 4
    let source = isIpv4 ? mixed(this.#seed, view.getInt32(innerHeader + 12)) : this.#ipv6Hash(view, innerHeader + 8)
    let destination = isIpv4 ? mixed(this.#seed, view.getInt32(innerHeader + 16)) : this.#ipv6Hash(view, innerHeader + 24)
    let kind = protocol
    if (packet.innerDestinationPort >= 0) {
      source = mixed(source, packet.innerSourcePort)
      destination = mixed(destination, packet.innerDestinationPort)
    } else if (icmp >= 0 && (protocol === ICMP || protocol === ICMPV6)) {
      const type = icmp >> 8
      const pair = PAIRS[protocol === ICMP ? type : 256 + type]!
      // A type and its counterpart are of one flow.
      kind |= (pair < 0 ? icmp : Math.min(type, pair & 0xff) << 8) << 8
    }
    // Sum and difference without a sign are equal both ways.
    return mixed(mixed(source + destination, source ^ destination), kind)
  }

  #ipv6Hash(view: DataView, offset: number): number {
    const upper = mixed(mixed(this.#seed, view.getInt32(offset)), view.getInt32(offset + 4))
    return mixed(mixed(upper, view.getInt32(offset + 8)), view.getInt32(offset + 12))
  }
}

function mixed(hash: number, word: number): number {
  let product = Math.imul(hash ^ word, 0x9e3779b1)
  product = Math.imul(product ^ (product >>> 15), 0x85ebca77)
  return product ^ (product >>> 13)
}
