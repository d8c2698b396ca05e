import type { Check } from './check.ts'
import { flatMemory } from './flat-memory.ts'
import { fuzz } from './fuzz.ts'
import { type Options, optionsOf, type Part, USAGE } from './options.ts'

const say = (text: string): void => console.error(`test:long: ${text}`)

const CHECKS: Readonly<Record<Part, (options: Options) => Promise<Check>>> = {
  fuzz: ({ minutes, packets }) => fuzz(minutes, packets, say),
  memory: () => flatMemory(3, say),
  'one-packet-flows': () => flatMemory(1, say),
}

function wantedOptions(): Options | undefined {
  try {
    return optionsOf(process.argv.slice(2))
  } catch (error) {
    console.error(`test:long: ${(error as Error).message}\n\n${USAGE}`)
    return undefined
  }
}

async function run(options: Options): Promise<boolean> {
  const began = performance.now()
  let failed = 0
  for (const part of options.parts) {
    const { name, passed, figures } = await CHECKS[part](options)
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name}: ${figures}`)
    if (!passed) failed++
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(`\nTime: ${seconds} s\n${options.parts.length - failed} passed, ${failed} failed, 0 skipped`)
  return failed === 0
}

const options = wantedOptions()
process.exitCode = options !== undefined && (await run(options)) ? 0 : 1
