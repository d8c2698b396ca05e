import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { command, ROOT, tool } from '../command.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
}

/** A package that would be published. */
export interface Publishable {
  readonly name: string
  readonly folder: string
  /** File name of its tarball. */
  readonly tarball: string
  /** What a stranger can import: `@geneve-telemetry/core`, `@geneve-telemetry/core/wire`. */
  readonly modules: readonly string[]
}

export const PUBLISHABLE: readonly Publishable[] = globSync('packages/*/package.json', { cwd: ROOT })
  .sort()
  .map((path) => ({ folder: dirname(path), manifest: JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ folder, manifest: { name, version, exports = {} } }) => ({
    name,
    folder,
    tarball: `${name.replace('@', '').replace('/', '-')}-${version}.tgz`,
    modules: Object.keys(exports).map((subpath) => name + subpath.slice(1)),
  }))

/** Builds all packages and packs them into a folder, as publishing would. */
export async function pack(destination: string): Promise<void> {
  await tool('typescript/bin/tsc', ['-b'])
  await command('npx', ['-y', 'pnpm@12', '-r', '--filter', './packages/*', 'pack', '--pack-destination', destination])
}
