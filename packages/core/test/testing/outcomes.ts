import type { DeclareTest } from '../../src/testing/testing.ts'

/** Runs what a contract declares, and returns the messages of the tests that failed, by name. */
export async function failuresOf(declare: (test: DeclareTest) => void): Promise<Readonly<Record<string, string>>> {
  const declared: { name: string; run: () => void | Promise<void> }[] = []
  declare((name, run) => declared.push({ name, run }))
  const failures: Record<string, string> = {}
  for (const { name, run } of declared) {
    try {
      await run()
    } catch (error) {
      failures[name] = (error as Error).message
    }
  }
  return failures
}
