import type { PacketView } from '@geneve-telemetry/core/wire'
import { type FlowSample, FlowSampler } from './flow-sampler.ts'
import { type InnerFragments, LEFT_OUT, NO_FRAGMENT } from './inner-fragments.ts'

/** Leaves out the packets of flows that are not in the sample, and counts them. */
export class FlowSampling {
  readonly weight: number
  packets = 0
  readonly #sampler: FlowSampler
  readonly #fragments: InnerFragments

  constructor(sample: FlowSample, fragments: InnerFragments) {
    this.#sampler = new FlowSampler(sample)
    this.#fragments = fragments
    this.weight = this.#sampler.weight
  }

  /** Whether a GENEVE packet is left out. A later fragment goes with the first one, which alone has ports. */
  leavesOut(packet: PacketView, isFirstFragment: boolean): boolean {
    const ofFirst = packet.fragmentOffset > 0 ? this.#fragments.find(packet) : NO_FRAGMENT
    const isLeftOut = ofFirst === NO_FRAGMENT ? !this.#sampler.keeps(packet) : ofFirst === LEFT_OUT
    if (!isLeftOut) return false
    this.packets++
    if (isFirstFragment) this.#fragments.leaveOut(packet)
    return true
  }
}
