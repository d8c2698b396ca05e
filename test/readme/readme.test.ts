import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { blocksOf } from './blocks.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SOURCE = '--conditions=@geneve-telemetry/source'

// Below test/, whose package.json names all packages: a README may show several together.
const folder = mkdtempSync(join(import.meta.dirname, '.run-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PACKAGES = globSync('packages/*/package.json', { cwd: ROOT })
  .map((path) => path.replace('package.json', 'README.md'))
  .sort()
const READMES = ['README.md', ...PACKAGES].map((path) => ({ path, blocks: blocksOf(readFileSync(join(ROOT, path), 'utf8')) }))

const written = READMES.flatMap(({ path, blocks }) =>
  blocks.map((block) => {
    const file = join(folder, `${path.replaceAll('/', '-')}-${block.line}.ts`)
    writeFileSync(file, block.code)
    return { name: `${path}:${block.line}`, file, ...block }
  }),
)

test.each(READMES)('$path shows code', ({ blocks }) => {
  expect(blocks.length).toBeGreaterThan(0)
})

describe.each(written)('$name', ({ file, prints }) => {
  test('runs and prints what the README says', async () => {
    const { stdout } = await run(process.execPath, [SOURCE, file], { cwd: ROOT })
    if (prints !== undefined) expect(stdout).toBe(prints)
  })
})

test('all code has right types', async () => {
  const config = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: ROOT })
})

test.each(['npx -y pnpm@12 demo', 'npx -y pnpm@12 test'])('README.md names the command %s', (command) => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(command)
})
