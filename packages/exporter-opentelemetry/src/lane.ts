import type { AgentOptions } from 'node:https'
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { Answers, type PartialSuccess } from './answers.ts'
import { PageError } from './failure.ts'

export type ExporterConfig = NonNullable<ConstructorParameters<typeof OTLPMetricExporter>[0]>

/** An exporter of the SDK, by the part of it that is used. */
export interface SdkExporter<T> {
  export(data: T, done: (result: { readonly code: number; readonly error?: Error }) => void): void
  shutdown(): Promise<void>
}

/** What became of an export: 'aborted' = nothing is known of it, `undefined` = all was taken. */
export type Exported = { readonly error: Error } | { readonly partial: PartialSuccess } | 'aborted' | undefined

/** An exporter of the SDK with connections of its own and one export at a time, so that the last answer on them is to that export. */
export class Lane<T> {
  readonly #exporter: SdkExporter<T>
  readonly #answers: Answers
  #running: Promise<void> | undefined

  constructor(make: (config: ExporterConfig) => SdkExporter<T>, config: ExporterConfig, endpoint: string, agentOptions: AgentOptions) {
    this.#answers = new Answers(new URL(endpoint).protocol, agentOptions)
    this.#exporter = make({ ...config, url: endpoint, httpAgentOptions: () => this.#answers.agent })
  }

  /** The end of the export that runs, if one does: also one that was aborted goes on in the exporter. */
  get running(): Promise<void> | undefined {
    return this.#running
  }

  export(data: T, signal: AbortSignal): Promise<Exported> {
    const { promise, resolve } = Promise.withResolvers<Exported>()
    const end = Promise.withResolvers<void>()
    this.#running = end.promise
    this.#exporter.export(data, ({ code, error }) => {
      this.#running = undefined
      resolve(code === 0 ? this.#answered() : { error: error ?? new Error('no reason given') })
      end.resolve()
    })
    return Promise.race([promise, aborted(signal)])
  }

  async close(): Promise<void> {
    await this.#exporter.shutdown()
    this.#answers.close()
  }

  #answered(): Exported {
    const { page, partialSuccess } = this.#answers
    if (page !== undefined) return { error: new PageError(page) }
    return partialSuccess === undefined ? undefined : { partial: partialSuccess }
  }
}

export function aborted(signal: AbortSignal): Promise<'aborted'> {
  if (signal.aborted) return Promise.resolve('aborted')
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }))
}
