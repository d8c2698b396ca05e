import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, ROOT, tool } from '../command.ts'
import { PUBLISHABLE, pack } from './pack.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-published-'))

beforeAll(() => pack(folder))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(PUBLISHABLE)('$name', ({ folder: source, tarball, modules }) => {
  const path = join(folder, tarball)

  test('holds its output, its source and what people read first', async () => {
    const { stdout } = await command('tar', ['-tzf', path])
    const files = stdout
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''))
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']))
    // Whatever tsc once made of a source that is gone would be published for ever.
    const orphans = files.filter((file) => file.startsWith('dist/') && !existsSync(join(ROOT, source, sourceOf(file))))
    expect(orphans).toEqual([])
    expect(files.filter((file) => !/^(?:dist|src)\/|^(?:package\.json|README\.md|LICENSE)$/.test(file))).toEqual([])
  })

  test('passes publint', () => tool('publint/src/cli.js', ['--strict', path]))

  if (modules.length > 0) {
    test('has types that resolve', () => tool('@arethetypeswrong/cli/dist/index.js', ['--profile', 'esm-only', path]))
  }
})

function sourceOf(output: string): string {
  return output.replace(/^dist\//, 'src/').replace(/\.(?:js|js\.map|d\.ts)$/, '.ts')
}
