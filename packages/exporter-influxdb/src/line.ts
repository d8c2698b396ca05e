import type { Quantity, Rejected } from '@geneve-telemetry/core'
import { int64Text, uint64Text } from '@geneve-telemetry/core'
import { keyText, measurementText, stringText } from './escape.ts'

/** What a server makes of lines. */
export interface LineRules {
  /** It knows unsigned integers of 64 bits. InfluxDB 1 does not: they are signed then. */
  readonly hasUnsigned: boolean
  /** It knows no texts: VictoriaMetrics reads all of them as 0. They are tags then, which it does keep. */
  readonly textsAreTags: boolean
  /** It drops a point with more tags than that, or with a longer value, and says nothing. */
  readonly mostTags: number
  readonly mostTagBytes: number
}

/** One point in the making. The first thing that cannot be said is remembered, and is what the line then is. */
export class Line {
  readonly #measurement: string
  readonly #rules: LineRules
  readonly #tags = new Map<string, string>()
  readonly #fields = new Map<string, string>()
  #rejected: Rejected | undefined

  constructor(measurement: string, rules: LineRules) {
    this.#measurement = measurementText(measurement)
    this.#rules = rules
  }

  /** A tag; line protocol has no empty ones, so an empty value is no tag. */
  tag(key: string, value: string): void {
    const text = keyText(key)
    if (this.#isTaken(text)) this.#reject(`two things are called ${key}`)
    else if (this.#isTooLong(value)) this.#reject(`${key} is longer than ${this.#rules.mostTagBytes} bytes`)
    else if (value !== '') this.#tags.set(text, keyText(value))
  }

  /** An integer field: one that is written with `i` always is. */
  integer(key: string, value: Quantity): void {
    const digits = int64Text(value)
    if (digits === undefined) this.#reject(`${key} is ${value}: an integer is a whole number below 2^63`)
    else this.#field(key, `${digits}i`)
  }

  /** An integer field that is never below 0. */
  unsigned(key: string, value: Quantity): void {
    const { hasUnsigned } = this.#rules
    const digits = hasUnsigned ? uint64Text(value) : undefined
    if (!hasUnsigned) this.integer(key, value)
    else if (digits === undefined) this.#reject(`${key} is ${value}: an unsigned integer is a whole number from 0 and below 2^64`)
    else this.#field(key, `${digits}u`)
  }

  float(key: string, value: number): void {
    if (Number.isFinite(value)) this.#field(key, String(value))
    else this.#reject(`${key} is ${value}: a float is a finite number`)
  }

  string(key: string, value: string): void {
    if (this.#rules.textsAreTags) this.tag(key, value)
    else this.#field(key, stringText(value))
  }

  boolean(key: string, value: boolean): void {
    this.#field(key, String(value))
  }

  /** The whole line, with its end. `nanos` are digits; `undefined` is no time. */
  text(nanos: string | undefined): string | Rejected {
    if (nanos === undefined) return { rejected: 'the time is not within the years 1970 to 2262' }
    if (this.#rejected !== undefined) return this.#rejected
    if (this.#fields.size === 0) return { rejected: 'there are no figures' }
    if (this.#tags.size > this.#rules.mostTags) return { rejected: `there are more than ${this.#rules.mostTags} tags` }
    // Servers sort the tags of each point; sorted ones cost them less.
    const tags = [...this.#tags].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, value]) => `,${key}=${value}`)
    const fields = Array.from(this.#fields, ([key, value]) => `${key}=${value}`)
    return `${this.#measurement}${tags.join('')} ${fields.join(',')} ${nanos}\n`
  }

  #field(key: string, value: string): void {
    const text = keyText(key)
    if (this.#isTaken(text)) this.#reject(`two things are called ${key}`)
    else this.#fields.set(text, value)
  }

  /** A character is at most three bytes for each of its UTF-16 units. */
  #isTooLong(value: string): boolean {
    const { mostTagBytes } = this.#rules
    return value.length * 3 > mostTagBytes && new TextEncoder().encode(value).byteLength > mostTagBytes
  }

  #isTaken(text: string): boolean {
    return this.#tags.has(text) || this.#fields.has(text)
  }

  #reject(reason: string): void {
    this.#rejected ??= { rejected: reason }
  }
}
