import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { command, ROOT, tool } from '../command.ts'
import { blocksOf } from './blocks.ts'

const SOURCE = '--conditions=@geneve-telemetry/source'

/** A package that exports something shows how it is used; a program shows commands. */
const exportsSomething = (folder: string): boolean => 'exports' in JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))

const READMES = ['.', ...globSync('packages/*', { cwd: ROOT }).sort()].map((folder) => ({
  path: join(folder, 'README.md'),
  mustShowCode: folder === '.' || exportsSomething(folder),
  blocks: blocksOf(readFileSync(join(ROOT, folder, 'README.md'), 'utf8')),
}))

// Below test/, whose package.json names all packages: a README may show several together.
const folder = mkdtempSync(join(import.meta.dirname, '.run-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = READMES.flatMap(({ path, blocks }) =>
  blocks.map((block) => {
    const file = join(folder, `${path.replaceAll('/', '-')}-${block.line}.ts`)
    writeFileSync(file, block.code)
    return { name: `${path}:${block.line}`, file, ...block }
  }),
)

test.each(READMES.filter(({ mustShowCode }) => mustShowCode))('$path shows code', ({ blocks }) => {
  expect(blocks.length).toBeGreaterThan(0)
})

describe.each(written)('$name', ({ file, prints }) => {
  test('runs and prints what the README says', async () => {
    const { stdout } = await command(process.execPath, [SOURCE, file])
    if (prints !== undefined) expect(stdout).toBe(prints)
  })
})

test('all code has right types', async () => {
  const config = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  await tool('typescript/bin/tsc', ['-p', folder])
})

test.each(['npx -y pnpm@12 demo', 'npx -y pnpm@12 test'])('README.md names the command %s', (line) => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(line)
})
