import { MEASURES, type MetricRecord, type MetricSource, type Name, type Vendor } from '@geneve-telemetry/core'
import { type BatchObservableCallback, diag, type Meter, type MeterProvider, type Observable, ValueType } from '@opentelemetry/api'
import { attributeNames, type SeriesAttributes, SeriesLabels } from './attributes.ts'
import { pointFault } from './figure.ts'
import { SCOPE } from './resource.ts'

export interface InstrumentOptions {
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
  /** Which figures become instruments, by measurement. Default: core's `MEASURES`. */
  readonly measures?: Readonly<Record<string, readonly Name[]>>
  /** Told when the source threw, or had figures that cannot be said. Default: OpenTelemetry's `diag`. */
  readonly onError?: (error: unknown) => void
}

/**
 * Shows the totals of a source in metrics that a program has already: observable counters and gauges, and one callback over all of them. Views, readers,
 * temporality and limits are those of the program. A source that throws leaves its own metrics out of that collection, and nothing else.
 *
 * @returns takes the callback away again
 * @throws TypeError for an option that cannot be
 */
export function instrument(target: Meter | MeterProvider, source: MetricSource, options: InstrumentOptions = {}): () => void {
  const { measures = MEASURES, onError = (error) => diag.error('geneve-telemetry: metrics could not be observed', error) } = options
  const meter = 'getMeter' in target ? target.getMeter(SCOPE.name, SCOPE.version) : target
  const allLabels = new SeriesLabels(attributeNames(options.vendors))
  const observables = new Map<string, Observable>()
  for (const [measurement, figures] of Object.entries(measures)) {
    for (const figure of figures) observables.set(`${measurement} ${figure.name}`, observable(meter, figure))
  }
  let known = new Map<string, SeriesAttributes>()

  const observe: BatchObservableCallback = (result) => {
    const seen = new Map<string, SeriesAttributes>()
    try {
      for (const record of recordsOf(source)) {
        const labels = allLabels.of(record)
        const unsaid = labels.fault(record)
        if (unsaid !== undefined) {
          onError(new Error(unsaid))
          continue
        }
        const key = labels.group + labels.key(record)
        const attributes = known.get(key) ?? labels.attributes(record)
        seen.set(key, attributes)
        for (const [name, point] of Object.entries(record.points)) {
          const instrument = observables.get(`${record.measurement} ${name}`)
          if (instrument === undefined) continue
          const fault = pointFault(point)
          if (fault === undefined) result.observe(instrument, Number(point.value), attributes)
          else onError(new Error(`${nameOf(measures, record, name).otel} ${fault}`))
        }
      }
    } catch (error) {
      onError(error)
    }
    known = seen
  }
  const all = [...observables.values()]
  meter.addBatchObservableCallback(observe, all)
  return () => meter.removeBatchObservableCallback(observe, all)
}

/**
 * What is counted already.
 *
 * @throws TypeError for a promise, which the type forbids but a caller without types can give; if it rejects, that ends no program
 */
function recordsOf(source: MetricSource): ReturnType<MetricSource['collect']> {
  const records = source.collect()
  if (!('then' in records)) return records
  Promise.resolve(records).catch(() => undefined)
  throw new TypeError('collect gave a promise: it hands out what is counted already')
}

function observable(meter: Meter, { otel, unit, doc, instrument }: Name): Observable {
  if (instrument === 'gauge') return meter.createObservableGauge(otel, { unit, description: doc, valueType: ValueType.DOUBLE })
  return meter.createObservableCounter(otel, { unit, description: doc, valueType: ValueType.INT })
}

function nameOf(measures: Readonly<Record<string, readonly Name[]>>, { measurement }: MetricRecord, figure: string): Name {
  return measures[measurement]!.find(({ name }) => name === figure)!
}
