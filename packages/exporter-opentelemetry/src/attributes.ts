import type { MetricRecord, Name, Rejected, Vendor } from '@geneve-telemetry/core'
import { originOf, unlistedName, vocabulary } from '@geneve-telemetry/core'

/** Who saw it, and in which capture or run: without these two, the figures of two taps or of two captures would be taken for one series. */
export const OBSERVER = 'geneve.observer'
export const ORIGIN = 'geneve.origin'

/** Attributes of a series: one object for as long as there is the series, frozen, since the SDK keeps it by reference. */
export type SeriesAttributes = Readonly<Record<string, string | number>>

/**
 * The names of attributes for these vendors' fields.
 *
 * @throws TypeError if a field has a name that is taken
 */
export function attributeNames(vendors: readonly Vendor[] = []): ReadonlyMap<string, Name> {
  const names = vocabulary(vendors)
  for (const { name, otel } of names.values()) {
    if (otel === OBSERVER || otel === ORIGIN) throw new TypeError(`vendors: the field "${name}" has the otel name ${otel}, which is taken`)
  }
  return names
}

/** The attributes of a record's series under their OpenTelemetry names, frozen; or why there are none. */
export function seriesAttributes(record: MetricRecord, names: ReadonlyMap<string, Name>): SeriesAttributes | Rejected {
  const attributes = new Map<string, string | number>([
    [OBSERVER, record.observer],
    [ORIGIN, originOf(record.id)],
  ])
  for (const [name, value] of Object.entries(record.attributes)) {
    const { otel } = names.get(name) ?? unlistedName(name)
    if (attributes.has(otel)) return { rejected: `two attributes are called ${otel}` }
    if (typeof value === 'number' && !Number.isFinite(value)) return { rejected: 'an attribute is not a finite number' }
    // The SDK's JSON says each whole number as an integer of 64 bits, which it may not be.
    attributes.set(otel, typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? String(value) : value)
  }
  return Object.freeze(Object.fromEntries(attributes))
}

/** Whether there are attributes, not a reason why there are none: an attribute could itself be called `rejected`. */
export function isSeries(attributes: SeriesAttributes | Rejected): attributes is SeriesAttributes {
  return OBSERVER in attributes
}

/** Tells series apart, in whatever order their attributes stand. */
export function seriesKey(measurement: string, attributes: SeriesAttributes): string {
  return JSON.stringify([measurement, ...Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1))])
}
