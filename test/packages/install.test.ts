import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, ROOT, tool } from '../command.ts'
import { PUBLISHABLE, pack } from './pack.ts'

// A stranger's empty project, outside the repository, into which npm installs what would be published.
const project = mkdtempSync(join(tmpdir(), 'geneve-install-'))
const MODULES = PUBLISHABLE.flatMap(({ modules }) => modules)
const CAPTURE = join(ROOT, 'examples/captures/gwlb.pcap')

/** The oldest Node that the packages claim to run on, and the one that they are developed with. */
const NODES = [
  { name: 'Node 22.15', node: join(project, 'node_modules/node-22/bin/node') },
  { name: 'Node 24', node: process.execPath },
]

beforeAll(async () => {
  const tarballs = join(project, 'tarballs')
  mkdirSync(tarballs)
  await pack(tarballs)
  write('package.json', JSON.stringify({ private: true, type: 'module' }))
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
  const others = [`@types/node@${devDependencies['@types/node']}`, 'node-22@npm:node@22.15.0']
  const ours = PUBLISHABLE.map(({ tarball }) => join(tarballs, tarball))
  await command('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...ours, ...others], project)
})
afterAll(() => rmSync(project, { recursive: true }))

describe.each(NODES)('$name', ({ node }) => {
  test('is what runs', async () => {
    const { stdout } = await command(node, ['--version'])
    expect(stdout).toMatch(node === process.execPath ? /^v24\./ : /^v22\.15\./)
  })

  test.each(MODULES)('imports %s', async (name) => {
    write('import.js', `import * as module from '${name}'\nconsole.log(Object.keys(module).length)\n`)
    const { stdout } = await command(node, ['import.js'], project)
    expect(Number(stdout)).toBeGreaterThan(0)
  })

  const program = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    command(node, [join(project, 'node_modules/.bin/geneve-telemetry'), ...args], project)

  test('starts the program', async () => {
    const { stdout, stderr } = await program('--help')
    expect(stdout).toContain('geneve-telemetry')
    expect(stderr).toBe('')
  })

  test('decodes a capture with the program', async () => {
    const { stdout } = await program('decode', CAPTURE, '--format', 'ndjson')
    const packets = stdout.trim().split('\n')
    expect(packets).toHaveLength(31)
    expect(JSON.parse(packets[0] as string)).toMatchObject({ frame: 1, geneve: { vni: 0 } })
  })
})

describe.each([
  { resolution: 'nodenext', module: 'nodenext' },
  { resolution: 'bundler', module: 'esnext' },
])('types under $resolution', ({ resolution, module }) => {
  test('are whole', async () => {
    const imports = MODULES.map((name, index) => `import * as module${index} from '${name}'\n`)
    const uses = MODULES.map((_, index) => `module${index}`)
    write('consumer.ts', `${imports.join('')}export const all: object[] = [${uses.join(', ')}]\n`)
    const compilerOptions = {
      module,
      moduleResolution: resolution,
      target: 'es2024',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    }
    write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    await tool('typescript/bin/tsc', ['-p', project], project)
  })
})

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text)
}
