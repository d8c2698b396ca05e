import { resolve } from 'node:path'

/**
 * The folder in which the command was typed. A script of the repository runs in the repository's root, wherever `pnpm` was called, and knows the caller's
 * folder from INIT_CWD; for anybody else's script that runs this program, its own folder counts.
 */
export function callersFolder(): string {
  const { INIT_CWD, npm_lifecycle_event: script, npm_package_name: root } = process.env
  return script === 'cli' && root === 'geneve-telemetry' && INIT_CWD !== undefined ? INIT_CWD : process.cwd()
}

/** A path as it was typed, seen from there. What is shown to people stays as they typed it where it can. */
export function fromCaller(path: string): string {
  const folder = callersFolder()
  return folder === process.cwd() ? path : resolve(folder, path)
}
