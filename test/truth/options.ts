import { parseArgs } from 'node:util'
import { type GenerateOptions, generate, type Impairments } from '@geneve-telemetry/generator'

export const USAGE: string = `Generates a network, decodes it, and compares what was found with the truth: flows, packets, bytes, told records, options.
Each difference is printed, and the exit code is 1 if there are any.

  npx -y pnpm@12 truth [--seed N] [--packets M] [--link ethernet|raw] [--impair loss=0.01,reorder=0.005,...]
`

/** 'help' if that is all that is wanted. Throws an error that says what is allowed. */
export function optionsOf(args: readonly string[]): GenerateOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      packets: { type: 'string', default: '200000' },
      link: { type: 'string', default: 'ethernet' },
      impair: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const pairs = values.impair.flatMap((pairs) => pairs.split(',')).map(rateOf)
  const { link } = values
  if (link !== 'ethernet' && link !== 'raw') throw new Error(`link: '${link}' is neither ethernet nor raw`)
  const impair: Partial<Impairments> = Object.fromEntries(pairs)
  const options: GenerateOptions = { seed: numberOf('seed', values.seed), packets: numberOf('packets', values.packets), link, impair }
  // The rest is the generator's to say; nothing is made before it is asked for the first piece.
  generate(options)
  return options
}

function rateOf(pair: string): readonly [string, number] {
  const [name = '', rate] = pair.split('=')
  return [name, numberOf(`impair.${name}`, rate)]
}

/** An empty text is no 0. */
function numberOf(name: string, text = ''): number {
  if (text.trim() === '' || Number.isNaN(Number(text))) throw new Error(`${name}: '${text}' is no number`)
  return Number(text)
}
