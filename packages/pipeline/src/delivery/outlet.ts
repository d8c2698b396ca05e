import type { TelemetryRecord } from '@geneve-telemetry/core'
import type { OutletAccount, RecordKind } from './account.ts'
import { callWithin } from './bounded-call.ts'
import { reasonOf } from './reason.ts'

/** A way out for records. Whatever is behind it, only `start` rejects, and nothing throws: every record is counted. */
export interface Outlet {
  readonly name: string
  accepts(kind: RecordKind): boolean
  /** Rejects with StartError if what is behind it can be known not to work, or if `cut` aborts before that is known. */
  start(cut?: AbortSignal): Promise<void>
  /** Takes a record of an accepted kind, leaves others alone. Never waits: `settle` does. */
  offer(record: TelemetryRecord): void
  /** Resolves once there is room for more, or no sense in waiting for it. */
  settle(): Promise<void>
  /** Sends all that waits, drops what cannot be sent in time, and ends. `hurry` ends the sending soon. Called once, the last. */
  close(hurry?: AbortSignal): Promise<void>
  account(): OutletAccount
}

/** An exporter cannot work as it was configured. The message names it and says, for the operator, what is wrong. */
export class StartError extends Error {
  override readonly name: string = 'StartError'
}

/** Rejects with StartError if it fails, takes longer than `ms`, or is cut short. */
export async function startWithin(
  startable: { start?(signal: AbortSignal): Promise<void> },
  name: string,
  ms: number,
  cut?: AbortSignal,
): Promise<void> {
  try {
    await callWithin(ms, (signal) => startable.start?.(signal), cut)
  } catch (error) {
    throw new StartError(`${name}: ${reasonOf(error)}`, { cause: error })
  }
}

/** Waits for what is left to be sent; `cut` aborts after `ms`, or with `hurry`. */
export async function drainWithin(ms: number, drained: () => Promise<void>, cut: AbortController, hurry?: AbortSignal): Promise<void> {
  const end = (): void => cut.abort()
  const timer = setTimeout(end, ms)
  hurry?.addEventListener('abort', end)
  if (hurry?.aborted) end()
  await drained()
  clearTimeout(timer)
  hurry?.removeEventListener('abort', end)
}

/** Returns why it could not be closed, if it could not. */
export async function closeWithin(closable: { close?(): Promise<void> }, ms: number): Promise<string | undefined> {
  try {
    await callWithin(ms, () => closable.close?.())
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}
