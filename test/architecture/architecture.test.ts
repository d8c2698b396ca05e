import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { arrows, doors } from './arrows.ts'
import { cycles } from './cycles.ts'
import { handWrittenFaces } from './faces.ts'
import { longFiles, readmes, shortFiles, tellingNames } from './files.ts'
import { coreWithoutNode, quietLibraries } from './globals.ts'
import { noMachine, vendorsInTheirPlaces } from './places.ts'
import { type Rule, readTree, type Tree } from './tree.ts'

const repository = readTree(fileURLToPath(new URL('../..', import.meta.url)))

const manifest = (name: string, exports: Record<string, string>): string =>
  JSON.stringify({
    name: `@geneve-telemetry/${name}`,
    exports: Object.fromEntries(Object.entries(exports).map(([path, source]) => [path, { '@geneve-telemetry/source': source }])),
  })

/** A small house in good order, to plant things in. */
const HOUSE: Readonly<Record<string, string>> = {
  'packages/core/package.json': manifest('core', {
    '.': './src/index.ts',
    './wire': './src/wire/wire.ts',
    './vendors/aws': './src/vendors/aws/gwlb.ts',
  }),
  'packages/core/README.md': '# core',
  'packages/core/src/index.ts': "export { parse } from './parser.ts'\nexport type { Record } from './telemetry/record.ts'\n",
  'packages/core/src/parser.ts': "import { decode } from './wire/decode.ts'\nexport const parse = decode\n",
  'packages/core/src/wire/wire.ts': "export { decode } from './decode.ts'\n",
  'packages/core/src/wire/decode.ts': 'export const decode = (step: { process: string }) => step.process\n',
  'packages/core/src/telemetry/record.ts': "import type { decode } from '../wire/decode.ts'\nexport type Record = typeof decode\n",
  'packages/core/src/vendors/vendor.ts': "import type { Record } from '../telemetry/record.ts'\nexport type Vendor = Record // Amazon\n",
  'packages/core/src/vendors/aws/gwlb.ts': "import type { Vendor } from '../vendor.ts'\nexport default {} as Vendor\n",
  'packages/core/src/vendors/built-in.ts': "import gwlb from './aws/gwlb.ts'\nexport const builtIn = [gwlb]\n",
  'packages/core/src/testing/testing.ts': "import assert from 'node:assert'\nexport const check = assert\n",
  'packages/core/test/decode.test.ts': "import { decode } from '../src/wire/decode.ts'\ndecode({ process: 'aws' })\n",
  'packages/capture/package.json': manifest('capture', { '.': './src/index.ts' }),
  'packages/capture/README.md': '# capture',
  'packages/capture/src/index.ts': "export { open } from './open.ts'\n",
  'packages/capture/src/open.ts':
    "import { open as file } from 'node:fs'\nimport { decode } from '@geneve-telemetry/core/wire'\nexport const open = [file, decode]\n",
  'packages/cli/package.json': manifest('cli', {}),
  'packages/cli/README.md': '# cli',
  'packages/cli/src/main.ts': "import { open } from '@geneve-telemetry/capture'\nconsole.log(open)\n",
}

const house = (planted: Readonly<Record<string, string>> = {}): Tree => new Map(Object.entries({ ...HOUSE, ...planted }))
const without = (path: string): Tree => new Map(Object.entries(HOUSE).filter(([other]) => other !== path))
const lines = (count: number): string => 'export const a = 1\n'.repeat(count)
const folder = (...names: string[]): string => ['', ...names].join('/')

interface Planting {
  readonly rule: Rule
  readonly what: string
  readonly tree: Tree
  /** Where it must be found, and nowhere else. */
  readonly at: string
}

const plant = (rule: Rule, what: string, path: string, text: string, at: number | string = 1): Planting => ({
  rule,
  what,
  tree: house({ [path]: text }),
  at: typeof at === 'string' ? at : `${path}:${at} `,
})

const PLANTINGS: readonly Planting[] = [
  plant(
    arrows,
    'a wing that imports the program',
    'packages/capture/src/x.ts',
    "import '@geneve-telemetry/capture'\nimport '../../cli/src/main.ts'",
    2,
  ),
  plant(arrows, 'a wing that imports a wing', 'packages/pipeline/src/x.ts', "import { open } from '@geneve-telemetry/capture'"),
  plant(arrows, 'a wing that imports a type of a wing', 'packages/pipeline/src/x.ts', "type A = import('@geneve-telemetry/capture').A"),
  plant(arrows, 'core that imports a wing', 'packages/core/src/x.ts', "import '@geneve-telemetry/capture'"),
  plant(arrows, 'core with a dependency', 'packages/core/src/x.ts', "import fc from 'fast-check'"),
  plant(arrows, 'wire that knows telemetry', 'packages/core/src/wire/x.ts', "import type { Record } from '../telemetry/record.ts'"),
  plant(arrows, 'wire that knows vendors', 'packages/core/src/wire/x.ts', "export { a } from '../vendors/vendor.ts'"),
  plant(arrows, 'telemetry that runs wire', 'packages/core/src/telemetry/x.ts', "import { decode } from '../wire/decode.ts'"),
  plant(
    arrows,
    'telemetry that imports a module for a type',
    'packages/core/src/telemetry/x.ts',
    "import { type decode } from '../wire/decode.ts'",
  ),
  plant(arrows, 'vendors that know the parser', 'packages/core/src/vendors/x.ts', "import { parse } from '../parser.ts'"),
  plant(arrows, 'the parser that knows testing', 'packages/core/src/parser.ts', "await import('./testing/testing.ts')"),
  plant(arrows, 'a room nobody planned', 'packages/core/src/extra/x.ts', ''),
  plant(doors, 'a path into another package', 'test/fuzz/x.ts', "import '../../packages/core/src/wire/decode.ts'"),
  plant(doors, 'a path into another package from a test', 'packages/capture/test/x.test.ts', "import '../../core/src/index.ts'"),
  plant(doors, 'a subpath that is not exported', 'packages/cli/src/x.ts', "import '@geneve-telemetry/core/wire/decode'"),
  plant(doors, 'a package that imports its own face', 'packages/core/src/x.ts', "import { decode } from './wire/wire.ts'"),
  plant(doors, 'a package that imports itself by name', 'packages/capture/src/x.ts', "import '@geneve-telemetry/capture'"),
  plant(cycles, 'two files in a circle', 'packages/core/src/wire/decode.ts', "import '../parser.ts'", 'packages/core/src/parser.ts:1 '),
  plant(cycles, 'a circle of types', 'packages/core/src/wire/decode.ts', "import type { Record } from '../telemetry/record.ts'"),
  plant(cycles, 'a circle over two packages', 'packages/core/src/wire/decode.ts', "import '@geneve-telemetry/capture'"),
  plant(handWrittenFaces, 'export * in a face', 'packages/capture/src/index.ts', "export * from './open.ts'"),
  plant(handWrittenFaces, 'export * anywhere', 'packages/capture/src/all.ts', "export * as all from './open.ts'"),
  plant(handWrittenFaces, 'a face with code of its own', 'packages/capture/src/index.ts', 'export const open = 1'),
  plant(handWrittenFaces, 'a face that is too long', 'packages/capture/src/index.ts', "export { a } from './open.ts'\n".repeat(40), 40),
  plant(handWrittenFaces, 'another index.ts', 'packages/core/src/vendors/index.ts', "export { a } from './vendor.ts'"),
  {
    rule: handWrittenFaces,
    what: 'a face that is missing',
    tree: without('packages/capture/src/index.ts'),
    at: 'packages/capture/src/index.ts:1 ',
  },
  plant(coreWithoutNode, 'a Node module in core', 'packages/core/src/wire/x.ts', "\nimport { open } from 'node:fs'", 2),
  plant(coreWithoutNode, 'a Node module without its prefix', 'packages/core/src/x.ts', "await import('fs')"),
  plant(coreWithoutNode, 'a Node type in core', 'packages/core/src/x.ts', "import type { Readable } from 'node:stream'"),
  plant(coreWithoutNode, 'a Node global in core', 'packages/core/src/x.ts', 'export const a = Buffer.alloc(1)'),
  plant(coreWithoutNode, 'the process in core', 'packages/core/src/x.ts', 'export const a = { process }'),
  plant(quietLibraries, 'a library that prints', 'packages/capture/src/x.ts', "\n\nconsole.error('no')", 3),
  plant(vendorsInTheirPlaces, "a vendor's name in a string", 'packages/cli/src/x.ts', "export const a = 'gwlb'"),
  plant(vendorsInTheirPlaces, "a vendor's name in an identifier", 'packages/capture/src/x.ts', 'export const isAwsPacket = 1 // laws'),
  plant(vendorsInTheirPlaces, "a vendor's name in a comment", 'packages/core/src/wire/x.ts', '\n// as OVN does', 2),
  plant(noMachine, 'a path of one machine', 'packages/cli/README.md', `cd ${folder('home', 'somebody', 'project')}`),
  plant(noMachine, 'the host of a registry', 'docker/Dockerfile', `RUN npm --registry https${':'}//npm-mirror.example/`),
  plant(shortFiles, 'a long file', 'packages/core/src/x.ts', lines(301), 300),
  plant(tellingNames, 'a file named utils', 'packages/core/src/utils.ts', ''),
  plant(tellingNames, 'a folder named common', 'packages/core/src/common/x.ts', ''),
  { rule: readmes, what: 'a package without README', tree: without('packages/cli/README.md'), at: 'packages/cli/README.md:1 ' },
]

const RULES: readonly (readonly [name: string, rule: Rule])[] = [
  ['imports follow the arrows', arrows],
  ['packages are entered by their faces', doors],
  ['no imports run in a circle', cycles],
  ['faces are hand-written lists of names', handWrittenFaces],
  ['core does without Node', coreWithoutNode],
  ['libraries do not print', quietLibraries],
  ["vendors' names stand in their places", vendorsInTheirPlaces],
  ['nothing of one machine is in the repository', noMachine],
  ['files are short', shortFiles],
  ['names say what is in a file', tellingNames],
  ['each package has a README', readmes],
]

describe.each(RULES)('%s', (_, rule) => {
  test('in the repository', () => {
    expect(rule(repository)).toEqual([])
  })

  test('in a small house', () => {
    expect(rule(house())).toEqual([])
  })

  test.each(PLANTINGS.filter((planting) => planting.rule === rule))('finds $what', ({ tree, at }) => {
    const broken = rule(tree)
    expect(broken).not.toEqual([])
    for (const message of broken) expect(message.startsWith(at), message).toBe(true)
  })
})

test('a long file may have a reason, as long as it is long', () => {
  const exceptions = new Map([['packages/core/src/x.ts', 'one table']])
  expect(longFiles(house({ 'packages/core/src/x.ts': lines(301) }), exceptions)).toEqual([])
  expect(longFiles(house({ 'packages/core/src/x.ts': lines(300) }), exceptions)).toHaveLength(1)
})

test('the repository was read', () => {
  expect([...repository.keys()]).toContain('packages/core/src/wire/wire.ts')
})
