import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const folder = mkdtempSync(join(import.meta.dirname, '.run-'))
afterAll(() => rmSync(folder, { recursive: true }))

writeFileSync(
  join(folder, 'vitest.config.ts'),
  `import { CountsReporter } from '../reporter.ts'
  export default { test: { reporters: [new CountsReporter()], ...(process.env.SETUP ? { globalSetup: './setup.ts' } : {}) } }`,
)
writeFileSync(join(folder, 'setup.ts'), "export function setup() { throw new Error('no') }")

/** The last line of a run over one test file, what it wrote for the sum, and its exit code. */
function outcome(code: string, env: Record<string, string> = {}): readonly [last: string | undefined, counts: string, exit: number | null] {
  const counts = join(folder, 'counts')
  writeFileSync(counts, '')
  writeFileSync(join(folder, 'one.test.ts'), `import { beforeAll, describe, expect, test } from 'vitest'\n${code}`)
  const { stdout, status } = spawnSync(process.execPath, [VITEST, 'run', '--root', folder], {
    encoding: 'utf8',
    env: { ...process.env, ...env, TEST_COUNTS: counts },
  })
  return [stdout.trimEnd().split('\n').at(-1), readFileSync(counts, 'utf8'), status]
}

const PASSES = "test('passes', () => {})\n"

test('counts what passed and what was skipped', () => {
  expect(outcome(`${PASSES}test.skip('skipped', () => {})\ntest.todo('later')`)).toEqual(['1 passed, 0 failed, 2 skipped', '1 0 2\n', 0])
})

test('counts what failed', () => {
  expect(outcome(`${PASSES}test('fails', () => expect(1).toBe(2))`)).toEqual(['1 passed, 1 failed, 0 skipped', '1 1 0\n', 1])
})

test('counts tests that a throwing beforeAll kept from running as failed', () => {
  const suite = `describe('a', () => { beforeAll(() => { throw new Error('no') })\n${PASSES}describe('b', () => { ${PASSES} })\ntest.skip('skipped', () => {}) })`
  expect(outcome(PASSES + suite)).toEqual(['1 passed, 2 failed, 1 skipped', '1 2 1\n', 1])
})

test('counts a module that does not load', () => {
  expect(outcome("import './nowhere.ts'")).toEqual(['0 passed, 1 failed, 0 skipped', '0 1 0\n', 1])
})

test('counts an error that belongs to no test', () => {
  const stray = "test('stray', async () => { void Promise.reject(new Error('no')); await new Promise((done) => setTimeout(done, 20)) })"
  expect(outcome(stray)).toEqual(['1 passed, 1 failed, 0 skipped', '1 1 0\n', 1])
})

test('counts a global setup that throws', () => {
  expect(outcome(PASSES, { SETUP: 'yes' })).toEqual(['0 passed, 1 failed, 0 skipped', '0 1 0\n', 1])
})
