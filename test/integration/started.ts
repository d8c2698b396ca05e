import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const WAIT_MS = 20_000

/** A server that a test has started for itself. */
export interface Started {
  stop(): Promise<void>
}

/** Starts a server in the foreground and waits until `url` answers. Rejects with what it said if it ends, or does not answer in time. */
export async function started(
  file: string,
  args: readonly string[],
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const child = spawn(file, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
  }
  const deadline = performance.now() + WAIT_MS
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${file} ended: ${said}`)
    if (await answers(url)) return { stop }
    if (performance.now() > deadline) {
      await stop()
      throw new Error(`${file} does not answer at ${url}: ${said}`)
    }
    await delay(100)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
