import { appendFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule, TestRunEndReason, TestSuite } from 'vitest/node'

/** How many tests passed, failed and did not run on purpose. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/**
 * Says the outcome of a run in its last line, `N passed, N failed, N skipped`, and how long it took in the line before.
 * With TEST_COUNTS set it also adds a line `N N N` to the file of that name, so that several runs can be summed.
 */
export class CountsReporter implements Reporter {
  private readonly startedMs = performance.now()

  onTestRunEnd(modules: readonly TestModule[], strays: readonly SerializedError[], reason: TestRunEndReason): void {
    const counts: Counts = { passed: 0, failed: strays.length, skipped: 0 }
    for (const module of modules) countSuite(module, false, counts)
    // A global setup that threw, for example, is neither a test nor a stray error.
    if (reason !== 'passed' && counts.failed === 0) counts.failed = 1
    const { passed, failed, skipped } = counts
    const file = process.env['TEST_COUNTS']
    if (file !== undefined) appendFileSync(file, `${passed} ${failed} ${skipped}\n`)
    const seconds = ((performance.now() - this.startedMs) / 1000).toFixed(1)
    // At exit, so that no other reporter's summary comes after it.
    process.once('exit', () => console.log(`Time: ${seconds} s\n${passed} passed, ${failed} failed, ${skipped} skipped`))
  }
}

/** vitest leaves the tests of a suite whose `beforeAll` threw as skipped. They never ran, and not on purpose: they failed. */
function countSuite(suite: TestModule | TestSuite, broken: boolean, counts: Counts): void {
  const failedBefore = counts.failed
  const threw = suite.errors().length > 0
  for (const child of suite.children) {
    if (child.type === 'suite') countSuite(child, broken || threw, counts)
    else counts[outcome(child, broken || threw)]++
  }
  if (threw && counts.failed === failedBefore) counts.failed++
}

function outcome(test: TestCase, broken: boolean): keyof Counts {
  const { state } = test.result()
  if (state === 'passed') return 'passed'
  if (state === 'failed' || state === 'pending') return 'failed'
  return broken && test.options.mode === 'run' ? 'failed' : 'skipped'
}
