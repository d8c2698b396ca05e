import type { Encoded, Format, Rejected } from '../telemetry/exporter.ts'
import { isRejected } from '../telemetry/exporter.ts'
import type { TelemetryRecord } from '../telemetry/record.ts'
import { concat } from './bytes.ts'
import type { DeclareTest } from './expectation.ts'
import { ensure, ensureAlike, frozen } from './expectation.ts'
import { sampleRecords } from './sample-records.ts'

export interface FormatTest {
  /** Reads a request body, or several one behind the other, as the backend does, and says how many records are in it; throws on what it cannot read. */
  readonly parse?: (body: Uint8Array) => number
  /** Records that the format takes, if it does not take all of the `sampleRecords()` of its kinds. */
  readonly records?: readonly TelemetryRecord[]
}

const KINDS: readonly TelemetryRecord['kind'][] = ['packet', 'telemetry', 'flow', 'metric']
const HOSTILE_STRINGS = [
  '',
  ' ',
  '"\'\\/',
  'a\nb\r\nc\u2028\u2029',
  '\u0000\u0001\u001f\u007f',
  'a,b=c d\\',
  '{"index":{}}\n{}',
  '%s {{x}} <b>&amp; $1',
  '\ud800',
  '\udc00 and \ud800',
  'Zürich 東京 🦆',
  '__proto__',
  'x'.repeat(70_000),
]
const EXTREME_NUMBERS = [0, -0, 1e-320, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, 1e300, -1, Number.NaN, Number.POSITIVE_INFINITY]

/** Declares the tests that every format has to pass: `testFormat(make, {}, test)`; `make` returns a new one at each call. */
export function testFormat(make: () => Format, options: FormatTest, test: DeclareTest): void {
  const { name, accepts } = make()
  const samples = options.records ?? sampleRecords().filter((record) => accepts.includes(record.kind))

  test(`${name}: says what it accepts, its limits and its file`, () => {
    const { limits, fileName } = make()
    ensure(accepts.length > 0 && accepts.every((kind) => KINDS.includes(kind)), `accepts ${accepts}`)
    ensureAlike(new Set(accepts).size, accepts.length, 'different kinds')
    for (const [limit, value] of Object.entries(limits)) ensure(Number.isInteger(value) && value > 0, `limits.${limit} is ${value}`)
    ensure(limits.recordBytes <= limits.bytes, 'a record may be larger than a request')
    ensure(/^[\w.-]+\.\w+$/.test(fileName), `'${fileName}' is no file name with a suffix`)
    ensureAlike([...new Set(samples.map((record) => record.kind))].sort(), [...accepts].sort(), 'kinds of the sample records')
  })

  test(`${name}: encodes what it accepts, the same each time, and leaves the record alone`, () => {
    const format = make()
    const ids = new Set<string>()
    for (const record of samples) {
      const encoded = ensureEncoded(format, frozen(record))
      ensureAlike(encoded.kind, record.kind, 'kind')
      ensure(encoded.id !== '' && encoded.bytes.byteLength > 0, `an encoded ${record.kind} has an id and bytes`)
      ensureAlike(format.encode(record), encoded, 'encoded again')
      ensureAlike(make().encode(record), encoded, 'encoded by another')
      ids.add(encoded.id)
    }
    ensureAlike(ids.size, samples.length, 'different ids')
  })

  test(`${name}: what it returned stays as it is`, () => {
    const format = make()
    const copies: Uint8Array[] = []
    const encoded = samples.map((record) => {
      const one = ensureEncoded(format, record)
      copies.push(one.bytes.slice())
      return one
    })
    const body = format.body(encoded)
    const bodyCopy = body.slice()
    for (const record of samples) format.encode(record)
    ensureAlike(format.body(encoded), bodyCopy, 'the same body again')
    ensureAlike(body, bodyCopy, 'the first body')
    if (format.pieces) ensureAlike(concat(...format.pieces(encoded)), bodyCopy, 'the body in pieces')
    for (const [index, { bytes }] of encoded.entries()) ensureAlike(bytes, copies[index], 'encoded bytes')
  })

  test(`${name}: no string and no number makes it throw, or say a record that cannot be read`, () => {
    const format = make()
    for (const record of samples) {
      for (const strange of strangeVersions(record)) {
        const encoded = format.encode(frozen(strange))
        ensureWithinLimits(format, encoded)
        if (!isRejected(encoded) && options.parse)
          ensureAlike(options.parse(format.body([encoded])), 1, `records in the body of one ${record.kind}`)
      }
    }
  })

  const { parse } = options
  if (parse === undefined) return

  test(`${name}: a body has all records of its batch, and bodies can follow each other`, () => {
    const format = make()
    const encoded = samples.map((record) => ensureEncoded(format, record))
    const body = format.body(encoded)
    ensureAlike(parse(body), encoded.length, 'records in the body')
    ensureAlike(
      parse(concat(...encoded.map((one) => format.body([one])), body)),
      2 * encoded.length,
      'records in bodies one behind the other',
    )
  })
}

function ensureEncoded(format: Format, record: TelemetryRecord): Encoded {
  const encoded = format.encode(record)
  ensureWithinLimits(format, encoded)
  ensure(!isRejected(encoded), `a ${record.kind} is rejected: ${isRejected(encoded) && encoded.rejected}`)
  return encoded
}

function ensureWithinLimits(format: Format, encoded: Encoded | Rejected): void {
  if (isRejected(encoded)) ensure(encoded.rejected !== '', 'a record is rejected without a reason')
  else ensure(encoded.bytes.byteLength <= format.limits.recordBytes, `${encoded.bytes.byteLength} bytes are more than limits.recordBytes`)
}

/** The record with each hostile string in all places where a string stands, and with each extreme number in place of all numbers and quantities. */
function strangeVersions(record: TelemetryRecord): readonly TelemetryRecord[] {
  return [
    ...HOSTILE_STRINGS.map((text) => replaced(record, (part) => (typeof part === 'string' ? text : part))),
    ...EXTREME_NUMBERS.map((number) => replaced(record, (part) => (typeof part === 'number' || typeof part === 'bigint' ? number : part))),
  ]
}

/** `kind` and `type` say what a record is, so they stay. */
function replaced<T>(value: T, replace: (part: unknown) => unknown): T {
  if (value === null || typeof value !== 'object') return replace(value) as T
  if (Array.isArray(value)) return value.map((part) => replaced(part, replace)) as T
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === 'kind' || key === 'type' ? part : replaced<unknown>(part, replace)]),
  ) as T
}
