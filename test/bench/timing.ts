import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { measure } from 'mitata'

/** Nanoseconds a packet over all samples so far; `cpu` is the least of processor time, all threads together. */
export interface Nanoseconds {
  readonly min: number
  readonly median: number
  readonly cpu: number
  readonly samples: number
}

/** Quick work is timed more than once in a round, for about so long. */
const ROUND_NANOS = 5e8

setFlagsFromString('--expose-gc')
/** So that nobody pays for what those before left behind. */
const gc = runInNewContext('gc') as () => void

/** The samples of one piece of work, collected round by round: what disturbs the machine for a while hits a part of each work, not all of one. */
export class Timing {
  readonly #samples: number[] = []
  #cpu = Infinity

  get nanoseconds(): Nanoseconds {
    return { min: Math.min(...this.#samples), median: median(this.#samples), cpu: this.#cpu, samples: this.#samples.length }
  }

  /** Times work that deals with `packets` packets; `warmUp` is a little of the same before, for the compiler. */
  async round(packets: number, work: () => number, warmUp: () => number): Promise<void> {
    let isWarm = false
    let cpu = Infinity
    const timed = (): void => {
      if (!isWarm) {
        isWarm = warmUp() > 0
        return
      }
      const before = process.cpuUsage()
      const done = work()
      const { user, system } = process.cpuUsage(before)
      if (done !== packets) throw new Error(`only ${done} of ${packets} packets were dealt with`)
      cpu = Math.min(cpu, user + system)
    }
    // mitata calls it once before it looks at the clock.
    const { samples } = await measure(timed, { gc, min_samples: 1, min_cpu_time: ROUND_NANOS })
    this.#samples.push(...samples.map((nanos) => nanos / packets))
    this.#cpu = Math.min(this.#cpu, (cpu * 1000) / packets)
  }

  /** Takes samples in that another program took. */
  add({ min, median: middle, cpu }: Omit<Nanoseconds, 'samples'>): void {
    this.#samples.push(min, middle)
    this.#cpu = Math.min(this.#cpu, cpu)
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
