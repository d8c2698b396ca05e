import { type MetricRecord, measureName, originOf, unlistedName, vocabulary } from '@geneve-telemetry/core'
import { builtInVendors } from '@geneve-telemetry/core/vendors'

/** Totals by series: the metric and its labels, as Prometheus spells them, in the order of the alphabet. */
export type Totals = ReadonlyMap<string, number>

/** What a store adds of its own: where it got a series from. */
const FOREIGN = /^(__.*|job|instance|service_.*|otel_scope_.*)$/
const NAMES = vocabulary(builtInVendors)

export function seriesOf(metric: string, labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels)
    .map(([name, value]) => [spelled(name), value] as const)
    .filter(([name]) => !FOREIGN.test(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  // Prometheus adds the unit and says that it is a total.
  return `${spelled(metric).replace(/(_bytes)?_total$/, '')}${JSON.stringify(own)}`
}

/** What records say, all their intervals together. */
export class RecordTotals {
  readonly #totals = new Map<string, number>()

  get totals(): Totals {
    return this.#totals
  }

  add({ id, observer, measurement, attributes, points }: MetricRecord): void {
    const labels: Record<string, string> = { 'geneve.observer': observer, 'geneve.origin': originOf(id) }
    for (const [name, value] of Object.entries(attributes)) labels[(NAMES.get(name) ?? unlistedName(name)).otel] = String(value)
    for (const [figure, { value }] of Object.entries(points)) {
      const series = seriesOf(measureName(measurement, figure).otel, labels)
      this.#totals.set(series, (this.#totals.get(series) ?? 0) + Number(value))
    }
  }
}

/** All series of a metric together. */
export function totalOf(totals: Totals, metric: string): number {
  let total = 0
  for (const [series, value] of totals) if (series.startsWith(`${spelled(metric)}[`)) total += value
  return total
}

function spelled(name: string): string {
  return name.replaceAll(/\W/g, '_')
}
