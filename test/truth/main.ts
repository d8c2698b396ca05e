import type { GenerateOptions } from '@geneve-telemetry/generator'
import { check } from './check.ts'
import { optionsOf, USAGE } from './options.ts'

const MOST_LINES = 100

function wantedOptions(): GenerateOptions | 'help' | undefined {
  try {
    return optionsOf(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`truth: ${(error as Error).message.replaceAll('\n', ' ')}; see --help\n`)
    return undefined
  }
}

async function compareAll(options: GenerateOptions): Promise<number> {
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

const options = wantedOptions()
if (options === 'help') process.stdout.write(USAGE)
else process.exitCode = options === undefined ? 1 : await compareAll(options)
