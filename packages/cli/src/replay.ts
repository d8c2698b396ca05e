import { builtInVendors } from '@geneve-telemetry/core/vendors'
import { ExporterOutlet, fileExporter, type OutletAccount, replay as replayLetters, undelivered } from '@geneve-telemetry/pipeline'
import { recordAccountText } from './account.ts'
import { colorsFor } from './colors.ts'
import { deadLettersIn, deadLettersText } from './dead-letters.ts'
import { ALL_WELL, messageOf, OperatorError, UNDELIVERED } from './exit.ts'
import { count, counted } from './figures.ts'
import { Interruption } from './interruption.ts'
import { isExporter, isSink } from './load.ts'
import { outletComplaints } from './outcome.ts'
import { fromCaller } from './place.ts'
import { redacted } from './redacted.ts'
import { targetsOf } from './targets.ts'

export interface LettersOptions {
  readonly to: readonly string[]
  /** Whose letters, where not those of the target's name. */
  readonly from?: string
  readonly deadLetters: string
  /** Seconds. */
  readonly drain: number
  readonly retryFor: number
}

/** Sends dead letters again. Returns the exit code. */
export async function replay(files: readonly string[], options: LettersOptions): Promise<number> {
  const interruption = new Interruption()
  return interruption.during(() => replayUntil(interruption, files, options))
}

async function replayUntil(interruption: Interruption, files: readonly string[], options: LettersOptions): Promise<number> {
  if (options.to.length > 1) throw new OperatorError('--to: one target at a time; a letter goes to the backend that did not take it')
  const deadLetters = deadLettersIn(options.deadLetters)
  const accounts: OutletAccount[] = []
  const notes: string[] = []
  for (const file of files) {
    const outlets = await outletsFor(options, deadLetters)
    const leftAlone: Record<string, number> = {}
    for (const outlet of outlets) {
      const { account, others, unreadable } = await replayLetters({ path: fromCaller(file), outlet, signal: interruption.signal }).catch(
        (error: unknown) => {
          throw new OperatorError(error instanceof Error && 'code' in error ? `cannot read ${file}: ${messageOf(error)}` : messageOf(error))
        },
      )
      accounts.push(account)
      Object.assign(leftAlone, others)
      if (outlet === outlets[0])
        notes.push(...unreadable.map(({ line, unreadable: why }) => `${file}, line ${count(line)}: ${why}; left out`))
    }
    const names = outlets.map(({ name }) => name)
    for (const [name, letters] of Object.entries(leftAlone)) {
      if (names.includes(name)) continue
      notes.push(`${file}: ${counted(letters, 'letter')} of ${name}, not of ${names.join(' or ')}, left alone (see --from)`)
    }
  }
  process.stderr.write(recordAccountText(accounts, colorsFor(process.stderr)))
  process.stderr.write(deadLettersText(deadLetters))
  for (const line of [...accounts.flatMap(outletComplaints), ...notes]) process.stderr.write(`geneve-telemetry: ${redacted(line)}\n`)
  const failed = accounts.some((account) => undelivered(account) > 0 || account.closeFailure !== undefined)
  return interruption.code ?? (failed || notes.length > 0 ? UNDELIVERED : ALL_WELL)
}

/** An outlet is used once, so each file has its own. */
async function outletsFor(
  { to, from, drain, retryFor }: LettersOptions,
  deadLetters: ReturnType<typeof deadLettersIn>,
): Promise<readonly ExporterOutlet[]> {
  // Letters are encoded: nothing of what else a run has makes a difference.
  const [target] = await targetsOf(to, { vendors: [...builtInVendors], live: false, flows: true })
  const { ways, folder, option } = target!
  const outlets = ways.flatMap((way) => {
    if (isSink(way)) return []
    const exporter = folder === undefined ? way : fileExporter(way, folder)
    if (!isExporter(exporter)) return []
    return new ExporterOutlet(exporter, {
      name: from ?? way.name,
      deadLetters,
      drainMs: drain * 1_000,
      retryForMs: retryFor * 1_000,
    })
  })
  if (outlets.length === 0)
    throw new OperatorError(`${option}: it has no dead letters: its client repeats what it could not send by itself`)
  return outlets
}
