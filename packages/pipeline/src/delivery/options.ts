import type { Exporter } from '@geneve-telemetry/core'
import type { RecordKind } from './account.ts'
import type { DeadLetters } from './dead-letters.ts'

/** How records are queued, batched and repeated. All have defaults. */
export interface DeliveryOptions {
  /** What the outlet is called in the account and in dead letters; default the exporter's name. */
  readonly name?: string
  /** Which of the kinds that the exporter accepts it gets; default all. */
  readonly kinds?: readonly RecordKind[]
  /** Records and bytes of encoded records that may wait; default 100,000 and 16 MiB. */
  readonly queueRecords?: number
  readonly queueBytes?: number
  /** What happens when more would wait: the source waits (a file can), or what is too much is dropped and counted (live); default `wait`. */
  readonly full?: 'wait' | 'drop'
  /** The most of a request, within the exporter's limits; default these limits. */
  readonly batchRecords?: number
  readonly batchBytes?: number
  /** How long a record waits for its batch to fill; default 1,000. */
  readonly batchAgeMs?: number
  /** Requests at a time; default 1, which keeps the order. */
  readonly concurrency?: number
  /** How long a request may take; default 30,000. */
  readonly timeoutMs?: number
  /** Before the first repetition at most this long, doubled for each further one; default 1,000. */
  readonly retryLeastMs?: number
  /** The most between two repetitions, unless the backend wants more; default 30,000. */
  readonly retryMostMs?: number
  /** How long a record is tried; default 300,000. */
  readonly retryForMs?: number
  /** What is done with records of which nobody knows whether they arrived, where a second arrival would count them twice; default `resend`. */
  readonly uncertain?: 'resend' | 'give-up'
  /** How long the source waits for an outlet of which nothing but failures is heard; default 10,000. */
  readonly patienceMs?: number
  /** How long `close` goes on trying; default 30,000. */
  readonly drainMs?: number
  /** Where records go that could not be delivered; default nowhere: they are only counted. */
  readonly deadLetters?: DeadLetters
  /** From 0 to below 1, for the time between repetitions; default Math.random. */
  readonly random?: () => number
}

/** All of them, checked. */
export type Delivery = Required<Omit<DeliveryOptions, 'deadLetters'>> & { readonly deadLetters: DeadLetters | undefined }

/** Throws RangeError, naming the option and what is allowed. */
export function deliveryOf(exporter: Exporter, options: DeliveryOptions): Delivery {
  const { limits } = exporter
  const retryLeastMs = figure('retryLeastMs', options.retryLeastMs ?? 1_000, 0)
  return {
    name: options.name ?? exporter.name,
    kinds: kindsOf(exporter, options.kinds),
    queueRecords: figure('queueRecords', options.queueRecords ?? 100_000, 1),
    queueBytes: figure('queueBytes', options.queueBytes ?? 16 * 1024 * 1024, 1),
    full: oneOf('full', options.full ?? 'wait', ['wait', 'drop']),
    batchRecords: Math.min(figure('batchRecords', options.batchRecords ?? limits.records, 1), limits.records),
    batchBytes: Math.min(figure('batchBytes', options.batchBytes ?? limits.bytes, 1), limits.bytes),
    batchAgeMs: figure('batchAgeMs', options.batchAgeMs ?? 1_000, 0),
    concurrency: figure('concurrency', options.concurrency ?? 1, 1),
    timeoutMs: figure('timeoutMs', options.timeoutMs ?? 30_000, 1),
    retryLeastMs,
    retryMostMs: figure('retryMostMs', options.retryMostMs ?? Math.max(30_000, retryLeastMs), retryLeastMs),
    retryForMs: figure('retryForMs', options.retryForMs ?? 300_000, 0),
    uncertain: oneOf('uncertain', options.uncertain ?? 'resend', ['resend', 'give-up']),
    patienceMs: figure('patienceMs', options.patienceMs ?? 10_000, 0),
    drainMs: figure('drainMs', options.drainMs ?? 30_000, 0),
    deadLetters: options.deadLetters,
    random: options.random ?? Math.random,
  }
}

/** The kinds that a way gets. */
export function kindsOf(
  { name, accepts }: { readonly name: string; readonly accepts: readonly RecordKind[] },
  wanted: readonly RecordKind[] = accepts,
): readonly RecordKind[] {
  const refused = wanted.find((kind) => !accepts.includes(kind))
  if (refused === undefined) return wanted
  throw new RangeError(`kinds: ${name} does not accept '${refused}'; allowed is ${accepts.join(', ')}`)
}

/** The longest that a timer can be set to: 2^31 - 1. */
const MOST = 2_147_483_647

/** Checks a figure of the options. */
export function figure(option: string, value: number, least: number): number {
  if (value >= least && value <= MOST) return value
  throw new RangeError(`${option}: ${value} cannot be; allowed is a number from ${least} to ${MOST}`)
}

/** Checks a choice of the options. */
export function oneOf<T extends string>(option: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw new RangeError(`${option}: '${value}' cannot be; allowed is ${allowed.join(' or ')}`)
}
