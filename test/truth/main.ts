import { parseArgs } from 'node:util'
import type { GenerateOptions } from '@geneve-telemetry/generator'
import { check } from './check.ts'

const USAGE = `Generates a network, decodes it, and compares what was found with the truth: flows, packets, bytes, told records, options.
Each difference is printed, and the exit code is 1 if there are any.

  npx -y pnpm@12 truth [--seed N] [--packets M] [--link ethernet|raw] [--impair loss=0.01,reorder=0.005,...]
`
const MOST_LINES = 100

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    packets: { type: 'string', default: '200000' },
    link: { type: 'string', default: 'ethernet' },
    impair: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(USAGE)
else process.exitCode = await compareAll()

async function compareAll(): Promise<number> {
  const impair = Object.fromEntries(values.impair.split(',').flatMap((part) => (part === '' ? [] : [pair(part)])))
  const options = { seed: Number(values.seed), packets: Number(values.packets), link: values.link, impair } as GenerateOptions
  let differences = 0
  for (const [duplicates, comparison] of Object.entries(await check(options))) {
    const counts = Object.entries(comparison.compared).map(([kind, count]) => `${count} ${kind}s`)
    for (const line of comparison.differences.slice(0, MOST_LINES)) process.stdout.write(`${line}\n`)
    const rest = comparison.differences.length - MOST_LINES
    if (rest > 0) process.stdout.write(`and ${rest} more\n`)
    process.stdout.write(`--duplicates ${duplicates}: compared ${counts.join(', ')}; ${comparison.differences.length} differences\n`)
    differences += comparison.differences.length
  }
  return differences === 0 ? 0 : 1
}

function pair(part: string): readonly [string, number] {
  const [name = '', rate] = part.split('=')
  return [name, Number(rate)]
}
