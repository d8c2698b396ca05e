import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnBackend } from './own-backend.ts'
import { type Ended, type LedgerRow, ledgerOf, RunningProgram } from './running-program.ts'

/** How long the program goes on trying at the end. A server is back by then, if it comes back. */
export const DRAIN_SECONDS = '15'
/** Longer than a batch waits and a request is repeated at first. */
const FELT_MS = 3_000

/** Two parts of a capture: what is read before a fault, and what is read in it. */
export type Halves = readonly [Uint8Array, Uint8Array]

/** A run that has read a first half from standard input, some of which `isThere` has seen in the store. */
export async function begun(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  [first]: Halves,
  isThere: () => Promise<boolean>,
): Promise<RunningProgram> {
  const program = new RunningProgram(['run', '-', '--time', 'now', ...args], variables)
  await program.read(first)
  while (!(await isThere())) {
    if (!program.isRunning) throw new Error((await program.end()).stderr)
    await sleep(100)
  }
  return program
}

/** Reads the second half while the backend is away, and ends when it is back. */
export async function endedAfter(away: 'kill' | 'pause', backend: OwnBackend, program: RunningProgram, [, second]: Halves): Promise<Ended> {
  await backend.tell(away)
  await program.read(second)
  await sleep(FELT_MS)
  await backend.tell(away === 'kill' ? 'start' : 'resume')
  return program.end()
}

/** What the ledger says of a kind; nothing if it has no row for it. */
export function ledgerRow(stderr: string, kind: string): LedgerRow {
  return ledgerOf(stderr).find((row) => row['records of'] === kind) ?? {}
}
