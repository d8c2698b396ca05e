import { parseArgs } from 'node:util'

export const USAGE: string = `test:long: what takes too long for every change.
  --budget MINUTES   how long packets are mutated, 0 to 10000; default 10. One round is always made.
  --packets N        mutated packets a round, each round with its own seed: 1000 to 50000000; default 5000000
  --only NAME,...    only these: fuzz, memory, one-packet-flows`

export const PARTS = ['fuzz', 'memory', 'one-packet-flows'] as const
export type Part = (typeof PARTS)[number]

export interface Options {
  readonly minutes: number
  readonly packets: number
  readonly parts: readonly Part[]
}

/** Throws an error that says what is allowed. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      budget: { type: 'string', default: '10' },
      packets: { type: 'string', default: '5000000' },
      only: { type: 'string', multiple: true, default: [PARTS.join(',')] },
    },
  })
  const minutes = Number(values.budget)
  if (!(minutes >= 0 && minutes <= 10_000)) throw new Error(`--budget: '${values.budget}' is not a number of minutes from 0 to 10000`)
  const packets = Number(values.packets)
  if (!Number.isInteger(packets) || packets < 1000 || packets > 50_000_000) {
    throw new Error(`--packets: '${values.packets}' is not a whole number from 1000 to 50000000`)
  }
  const parts = values.only.flatMap((names) => names.split(',')).map(partOf)
  return { minutes, packets, parts }
}

function partOf(name: string): Part {
  const part = PARTS.find((each) => each === name)
  if (part === undefined) throw new Error(`--only: there is no '${name}'; there are ${PARTS.join(', ')}`)
  return part
}
