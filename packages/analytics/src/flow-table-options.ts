import type { Analyzer, Emit } from '@geneve-telemetry/core'
import { DUPLICATES, type Duplicates } from './copies.ts'
import type { FlowDescriber } from './flow-record.ts'
import type { FlowSample } from './flow-sampler.ts'
import { checkedTimeouts, type FlowTimeouts } from './flow-timeouts.ts'

const DEFAULT_MAX_FLOWS = 262_144
const LARGEST_MAX_FLOWS = 2 ** 24
const DEFAULT_SEED = 0x5eed

export interface FlowTableOptions {
  /** Flows open at a time, 1 to 16,777,216; 262,144 if not given. Each takes at most 364 bytes, which become memory as they are used. */
  readonly maxFlows?: number
  readonly timeouts?: FlowTimeouts
  /**
   * What to do with packets that are seen more than once. `drop`: only the first one is a packet of its flow, the others are counted by kind in the ledger;
   * `auto` (if not given): as `drop`, and the flow has what came back from an appliance besides; `count`: each is a packet of the flow.
   */
  readonly duplicates?: Duplicates
  /** Only flows of a sample are followed; all if not given. */
  readonly sample?: FlowSample
  /** What ids begin with: the source's name. */
  readonly origin: string
  readonly observer: string
  readonly analyzers?: readonly Analyzer[]
  /** Gets the flows' records and what the analyzers have to say. */
  readonly emit: Emit
  /** Whether flows become records as they end; true if not given. Without, a flow costs no text. */
  readonly records?: boolean
  /** Says what the options of a flow's first packet mean. */
  readonly optionTable?: FlowDescriber
  /** Of the hash, an integer: whoever knows it can send packets that collide. Results do not depend on it. */
  readonly seed?: number
}

/** A table's options that have defaults. */
export interface CheckedOptions {
  readonly maxFlows: number
  readonly seed: number
  readonly timeouts: Required<FlowTimeouts>
  readonly duplicates: Duplicates
}

/** Throws RangeError or TypeError naming the option and what is allowed. */
export function checkedOptions(options: FlowTableOptions): CheckedOptions {
  const { maxFlows = DEFAULT_MAX_FLOWS, seed = DEFAULT_SEED, timeouts, duplicates = 'auto' } = options
  if (!Number.isInteger(maxFlows) || maxFlows < 1 || maxFlows > LARGEST_MAX_FLOWS)
    throw new RangeError(`maxFlows: ${maxFlows} is not a number of flows from 1 to ${LARGEST_MAX_FLOWS}`)
  if (!Number.isInteger(seed)) throw new RangeError(`seed: ${seed} is not an integer`)
  if (!DUPLICATES.includes(duplicates)) throw new TypeError(`duplicates: "${duplicates}" is none of ${DUPLICATES.join(', ')}`)
  return { maxFlows, seed, timeouts: checkedTimeouts(timeouts), duplicates }
}
