import type { MetricRecord, Name, Vendor } from '@geneve-telemetry/core'
import { originOf, unlistedName, vocabulary } from '@geneve-telemetry/core'

/** Who saw it, and in which capture or run: without these two, the figures of two taps or of two captures would be taken for one series. */
export const OBSERVER = 'geneve.observer'
export const ORIGIN = 'geneve.origin'
/** Of a sample: one in so many flows is in it. What is said of all of them is another series than an estimate. */
export const WEIGHT = 'geneve.sample.weight'

/** What was told of: its kind and which one; why it was told, and how many packets carried it. */
export const SUBJECT_TYPE = 'geneve.subject.type'
export const SUBJECT_ID = 'geneve.subject.id'
export const TOLD_REASON = 'geneve.told.reason'
export const TOLD_PACKETS = 'geneve.told.packets'
const TAKEN: ReadonlySet<string> = new Set([OBSERVER, ORIGIN, WEIGHT, SUBJECT_TYPE, SUBJECT_ID, TOLD_REASON, TOLD_PACKETS])

/** Attributes of a series: one object for as long as there is the series, frozen, since the SDK keeps it by reference. */
export type SeriesAttributes = Readonly<Record<string, string | number>>

/** What says of which series a record is. */
type Labeled = Pick<MetricRecord, 'id' | 'observer' | 'measurement' | 'attributes' | 'weight'>

/** Lists of names that are remembered: as many as there are ways to tell series apart, and more than a program has. */
const MAX_LISTS = 1000

/**
 * The names of attributes for these vendors' fields.
 *
 * @throws TypeError if a field has a name that is taken
 */
export function attributeNames(vendors: readonly Vendor[] = []): ReadonlyMap<string, Name> {
  const names = vocabulary(vendors)
  for (const { name, otel } of names.values()) {
    if (TAKEN.has(otel)) throw new TypeError(`vendors: the field "${name}" has the otel name ${otel}, which is taken`)
  }
  return names
}

/** The attributes of records under their OpenTelemetry names. What follows from the names alone is found once for all records that have the same ones. */
export class SeriesLabels {
  readonly #names: ReadonlyMap<string, Name>
  readonly #lists = new Map<string, LabelList>()
  #last: LabelList | undefined

  constructor(names: ReadonlyMap<string, Name>) {
    this.#names = names
  }

  of({ measurement, attributes }: Labeled): LabelList {
    const names = Object.keys(attributes)
    if (this.#last?.isOf(measurement, names) === true) return this.#last
    const key = JSON.stringify([measurement, ...names])
    let list = this.#lists.get(key)
    if (list === undefined) {
      if (this.#lists.size >= MAX_LISTS) this.#lists.clear()
      list = new LabelList(
        measurement,
        names,
        names.map((name) => (this.#names.get(name) ?? unlistedName(name)).otel),
      )
      this.#lists.set(key, list)
    }
    this.#last = list
    return list
  }
}

/** What all records of one measurement whose attributes have the same names have in common. */
export class LabelList {
  readonly #measurement: string
  readonly #names: readonly string[]
  readonly #otelNames: readonly string[]
  /** The names in the order of their OpenTelemetry names. */
  readonly #sorted: readonly string[]
  /** Measurement and names, in whatever order these stand. */
  readonly group: string
  readonly #twice: string | undefined

  constructor(measurement: string, names: readonly string[], otelNames: readonly string[]) {
    const order = otelNames.map((otel, index) => ({ otel, index })).sort((one, other) => (one.otel < other.otel ? -1 : 1))
    this.#measurement = measurement
    this.#names = names
    this.#otelNames = otelNames
    this.#sorted = order.map(({ index }) => names[index]!)
    this.group = JSON.stringify([measurement, ...order.map(({ otel }) => otel)])
    this.#twice = [OBSERVER, ORIGIN, WEIGHT, ...otelNames].find((otel, index, all) => all.indexOf(otel) !== index)
  }

  isOf(measurement: string, names: readonly string[]): boolean {
    if (measurement !== this.#measurement || names.length !== this.#names.length) return false
    for (let index = 0; index < names.length; index++) if (names[index] !== this.#names[index]) return false
    return true
  }

  /** Why there are no attributes; `undefined` if there are. */
  fault({ attributes }: Labeled): string | undefined {
    if (this.#twice !== undefined) return `two attributes are called ${this.#twice}`
    for (const name of this.#names) {
      const value = attributes[name]
      if (typeof value === 'number' && !Number.isFinite(value)) return 'an attribute is not a finite number'
    }
    return undefined
  }

  /** Tells the series of a group apart. */
  key({ id, observer, attributes, weight = 1 }: Labeled): string {
    let key = part(observer) + part(originOf(id)) + part(weight)
    for (const name of this.#sorted) key += part(sayable(attributes[name]!))
    return key
  }

  /** Frozen. */
  attributes({ id, observer, attributes, weight }: Labeled): SeriesAttributes {
    const own: Record<string, string | number> = {
      [OBSERVER]: observer,
      [ORIGIN]: originOf(id),
      ...(weight !== undefined && { [WEIGHT]: weight }),
    }
    for (let index = 0; index < this.#names.length; index++) own[this.#otelNames[index]!] = sayable(attributes[this.#names[index]!]!)
    return Object.freeze(own)
  }
}

/** The SDK's JSON says each whole number as an integer of 64 bits, which it may not be. */
export function sayable(value: string | number): string | number {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? String(value) : value
}

/** With its length, a text needs no quotes. */
function part(value: string | number): string {
  return typeof value === 'number' ? `${value},` : `"${value.length}:${value}`
}
