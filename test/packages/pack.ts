import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const run = promisify(execFile)

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a tool of the workspace, with the Node that runs this. */
export function tool(script: string, args: readonly string[], cwd = ROOT): Promise<{ stdout: string }> {
  return run(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd })
}

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
  await run('npx', ['-y', 'pnpm@12', '-r', '--filter', './packages/*', 'pack', '--pack-destination', destination], { cwd: ROOT })
}
