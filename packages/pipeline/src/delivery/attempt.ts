import type { Encoded, Exporter, Outcome } from '@geneve-telemetry/core'
import { callWithin } from './bounded-call.ts'
import { reasonOf } from './reason.ts'

/** What an exporter said of a batch. */
export interface Answer {
  /** Absent if it said nothing, or nonsense. */
  readonly outcome?: Outcome
  /** Why what is to be sent again did not arrive. */
  readonly reason: string
  /** Whether what is to be sent again may have arrived. */
  readonly isUncertain: boolean
}

/** Sends a batch once. Ends soon after `timeoutMs` or `cut`, whatever the exporter does; never rejects. */
export async function attempt(exporter: Exporter, batch: readonly Encoded[], timeoutMs: number, cut: AbortSignal): Promise<Answer> {
  try {
    const { value: outcome, stopped } = await callWithin(timeoutMs, (signal) => exporter.send(batch, signal), cut)
    if (!isOutcome(outcome)) throw new TypeError('the exporter’s answer is no Outcome')
    return { outcome, reason: stopped ?? outcome.retryReason ?? 'the backend was busy', isUncertain: stopped !== undefined }
  } catch (error) {
    return { reason: `the request failed: ${reasonOf(error)}`, isUncertain: true }
  }
}

function isOutcome(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  const { retry, rejected } = answer as { readonly retry?: unknown; readonly rejected?: unknown }
  return Array.isArray(retry) && Array.isArray(rejected) && rejected.every((one) => typeof one?.reason === 'string')
}
