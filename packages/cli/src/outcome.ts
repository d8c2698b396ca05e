import { type OutletAccount, type Result, recordImbalances, undelivered } from '@geneve-telemetry/pipeline'
import { ALL_WELL, INPUT_DAMAGED, messageOf, UNDELIVERED } from './exit.ts'
import { count, counted } from './figures.ts'
import type { Interruption } from './interruption.ts'
import type { Output } from './output.ts'
import type { Reading } from './reading.ts'
import { redacted } from './redacted.ts'

/** Says on standard error what was not as it should be, and gives the exit code. */
export function report(result: Result, source: Reading['source'], interruption: Interruption, output?: Output): number {
  interruption.end()
  for (const line of complaints(result, source, output)) process.stderr.write(`geneve-telemetry: ${redacted(line)}\n`)
  return interruption.code ?? exitCode(result, output)
}

function complaints(
  { damage, failure, interrupted, packets, outlets }: Result,
  { cutShort }: Reading['source'],
  output: Output | undefined,
): string[] {
  const lines: string[] = []
  const before = `the ${counted(packets.read, 'packet')} before that ${packets.read === 1 ? 'was' : 'were'} processed`
  if (damage !== undefined) lines.push(`the capture is damaged at byte ${count(damage.byteOffset)}: ${damage.reason}; ${before}`)
  if (failure !== undefined) lines.push(`${messageOf(failure)}; ${before}`)
  if (cutShort !== undefined && !interrupted) lines.push(`note: the input ended within a packet, as one does that is stopped; ${before}`)
  lines.push(...outlets.flatMap(outletComplaints))
  if (output?.failure !== undefined) lines.push(outputFailure(output.failure))
  return lines
}

/** What an outlet did not deliver, and why, a line for each reason. */
export function outletComplaints(account: OutletAccount): readonly string[] {
  const { outlet, kinds, closeFailure, unkept } = account
  const lines = Object.entries(kinds).flatMap(([kind, { rejected, dropped }]) =>
    [...Object.entries(rejected), ...Object.entries(dropped)].map(
      ([reason, records]) => `${outlet}: ${counted(records ?? 0, `${kind} record`)} not delivered: ${reason}`,
    ),
  )
  for (const [reason, records] of Object.entries(unkept)) {
    lines.push(`${outlet}: ${counted(records ?? 0, 'record')} of them not among the dead letters: ${reason}`)
  }
  if (closeFailure !== undefined) lines.push(`${outlet}: could not be closed: ${closeFailure}`)
  return [...lines, ...recordImbalances(account).map((problem) => `does not add up: ${problem}`)]
}

function outputFailure({ code, message }: NodeJS.ErrnoException): string {
  const advice = code === 'ENOSPC' ? 'the disk is full; free some space or write elsewhere' : message
  return `standard output cannot be written: ${advice}`
}

function exitCode({ damage, failure, outlets }: Result, output: Output | undefined): number {
  if (output?.failure !== undefined) return UNDELIVERED
  if (outlets.some((account) => undelivered(account) > 0 || account.closeFailure !== undefined)) return UNDELIVERED
  return damage === undefined && failure === undefined ? ALL_WELL : INPUT_DAMAGED
}
