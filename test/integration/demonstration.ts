import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { ROOT } from '../command.ts'

/**
 * Runs a program of docker/compose.yml for a while with the words that stand there, but for where the capture is and where the backend listens, and
 * interrupts it. Rejects if it ends by itself or could not deliver all.
 */
export async function demonstration(
  service: string,
  url: string,
  runMs: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const main = join(ROOT, 'packages/cli/src/main.ts')
  const args = wordsOf(service).map((word) => word.replace('/captures', join(ROOT, 'docker/capture')).replace(/=http:.*/, `=${url}`))
  const child = spawn(process.execPath, ['--conditions=@geneve-telemetry/source', main, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
  const ended = once(child, 'exit')
  const early = await Promise.race([ended.then(() => true), delay(runMs, false)])
  child.kill('SIGINT')
  const [code] = (await ended) as [number | null]
  if (early || code !== 130 || (await said).includes('not delivered')) {
    throw new Error(`${service} ended ${early ? 'by itself' : 'on SIGINT'} with ${code}: ${await said}`)
  }
}

function wordsOf(service: string): readonly string[] {
  const compose = readFileSync(join(ROOT, 'docker/compose.yml'), 'utf8')
  const command = new RegExp(`^  ${service}:\\n(?:    .*\\n)*?    command: >-\\n((?:      .*\\n)+)`, 'm').exec(compose)?.[1]
  if (command === undefined) throw new Error(`docker/compose.yml has no command of ${service}`)
  return command.trim().split(/\s+/)
}
