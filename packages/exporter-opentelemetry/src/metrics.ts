import { measureName } from '@geneve-telemetry/core'
import type { Metric } from './figure.ts'

/** The metrics of all measurements, each of them once: figures with the same name and type are one metric. */
export class Metrics {
  readonly #metrics = new Map<string, Metric>()
  readonly #latest = new Map<string, Map<string, Metric>>()

  /** The same object for the same metric. */
  readonly of = (measurement: string, key: string, type: Metric['type']): Metric => {
    let latest = this.#latest.get(measurement)
    if (latest === undefined) {
      latest = new Map()
      this.#latest.set(measurement, latest)
    }
    const known = latest.get(key)
    if (known?.type === type) return known
    const name = measureName(measurement, key)
    const id = `${type} ${name.otel}`
    const metric = this.#metrics.get(id) ?? { name, type }
    this.#metrics.set(id, metric)
    latest.set(key, metric)
    return metric
  }
}
