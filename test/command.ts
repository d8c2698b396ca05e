import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('..', import.meta.url))

/** What a command printed. Rejects with all of it where the command fails: many tools say on standard output what is wrong. */
export function command(file: string, args: readonly string[], cwd = ROOT): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr })
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`, { cause: error }))
    })
  })
}

/** A command-line tool of the workspace, started with the Node that runs this. */
export function tool(script: string, args: readonly string[], cwd = ROOT): Promise<{ stdout: string; stderr: string }> {
  return command(process.execPath, [join(ROOT, 'node_modules', script), ...args], cwd)
}
