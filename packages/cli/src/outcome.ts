import type { CaptureSource } from '@geneve-telemetry/capture'
import { type Result, undelivered } from '@geneve-telemetry/pipeline'
import { ALL_WELL, INPUT_DAMAGED, messageOf, UNDELIVERED } from './exit.ts'
import { count, counted } from './figures.ts'
import type { Interruption } from './interruption.ts'
import type { Output } from './output.ts'

/** Says on standard error what was not as it should be, and gives the exit code. */
export function report(result: Result, source: CaptureSource, interruption: Interruption, output?: Output): number {
  interruption.end()
  for (const line of complaints(result, source, output)) process.stderr.write(`geneve-telemetry: ${line}\n`)
  return interruption.code ?? exitCode(result, output)
}

function complaints(
  { damage, failure, interrupted, packets, outlets }: Result,
  { cutShort }: CaptureSource,
  output: Output | undefined,
): string[] {
  const lines: string[] = []
  const before = `the ${counted(packets.read, 'packet')} before that ${packets.read === 1 ? 'was' : 'were'} processed`
  if (damage !== undefined) lines.push(`the capture is damaged at byte ${count(damage.byteOffset)}: ${damage.reason}; ${before}`)
  if (failure !== undefined) lines.push(`${messageOf(failure)}; ${before}`)
  if (cutShort !== undefined && !interrupted) lines.push(`note: the input ended within a packet, as one does that is stopped; ${before}`)
  for (const { outlet, kinds, closeFailure } of outlets) {
    if (closeFailure !== undefined) lines.push(`${outlet}: could not be closed: ${closeFailure}`)
    for (const [kind, { rejected, dropped }] of Object.entries(kinds)) {
      for (const [reason, records] of [...Object.entries(rejected), ...Object.entries(dropped)]) {
        lines.push(`${outlet}: ${counted(records ?? 0, `${kind} record`)} not delivered: ${reason}`)
      }
    }
  }
  if (output?.failure !== undefined) lines.push(outputFailure(output.failure))
  return lines
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
