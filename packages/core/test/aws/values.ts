import fc from 'fast-check'
import type { ToldValue, ToldValues } from '../../src/telemetry/told.ts'
import type { AwsField } from '../../src/vendors/aws/aws.ts'
import { AWS_FIELDS } from '../../src/vendors/aws/record/fields.ts'

// Written from the design's words, not from the codecs: what each type on the wire may say.

const MOST_U64 = 2n ** 64n - 1n
const digits = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })
const BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz'
const HEX = '0123456789abcdef'

const bytesOf = (text: string): number => new TextEncoder().encode(text).byteLength

const character = fc
  .oneof(fc.integer({ min: 1, max: 0x7f }), fc.integer({ min: 1, max: 0x10ffff }))
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))

function text(most: number): fc.Arbitrary<string> {
  const any = fc.string({ unit: character, minLength: 1, maxLength: most })
  return any.filter((value) => bytesOf(value) <= most)
}

/** One way to write each address: through the URL parser, which writes IPv6 as RFC 5952 does but for IPv4-mapped ones. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .filter((groups) => groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff)
  .map((groups) => new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]/`).hostname.slice(1, -1))
const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join('.'))

/** The float32 that is near, as its shortest decimal: found by trying, not as the decoder does. */
function shortest(float: number): number {
  const digitsTried = Array.from({ length: 9 }, (_, index) => Number(float.toPrecision(index + 1)))
  return digitsTried.find((value) => Math.fround(value) === float)!
}

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? value : shortest(value)))

const WHOLE: Readonly<Record<string, readonly [least: number, most: number]>> = {
  u8: [0, 255],
  u12: [0, 4095],
  u16: [0, 65_535],
  u32: [0, 4_294_967_295],
  i32: [-2_147_483_648, 2_147_483_647],
}

/** All values that a field may have (one text of a list), with those at both ends of its domain as often as not. */
export function valuesOf({ wire, number, values }: AwsField): fc.Arbitrary<Exclude<ToldValue, readonly string[]>> {
  const room = number < 128 ? 124 : 122
  if (values !== undefined) return fc.constantFrom(...values)
  const whole = WHOLE[wire]
  if (whole !== undefined) return fc.oneof(fc.constantFrom(...whole), fc.integer({ min: whole[0], max: whole[1] }))
  switch (wire) {
    case 'u64':
      return fc
        .oneof(fc.constantFrom(0n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, MOST_U64), fc.bigInt(0n, MOST_U64))
        .map((value) => (value > BigInt(Number.MAX_SAFE_INTEGER) ? value : Number(value)))
    case 'float32':
      return fc.oneof(fc.constantFrom(0, -0, 0.1, 99.9, shortest(2 ** -149), shortest(3.4028234663852886e38)), float32)
    case 'float64':
      return fc.oneof(fc.constantFrom(0, 0.1, Number.MIN_VALUE, Number.MAX_VALUE), fc.double({ noNaN: true, noDefaultInfinity: true }))
    case 'bool':
      return fc.boolean()
    case 'account id':
      return fc.oneof(fc.constantFrom('000000000000', '999999999999'), digits('0123456789', 12, 12))
    case 'address':
      return fc.oneof(
        ipv4,
        ipv6,
        ipv4.map((address) => `::ffff:${address}`),
        fc.constantFrom('::', '::1', '255.255.255.255'),
      )
    case 'text':
      return fc.oneof(fc.constantFrom('a', 'a'.repeat(room), '\u{10ffff}'.repeat(Math.floor(room / 4))), text(room))
  }
  const [kind, form] = wire.split(' ') as [string, string]
  if (form === 'arn') return text(room - 'arn:'.length).map((rest) => `arn:${rest}`)
  if (form === 'base36') return digits(BASE_36, 1, room - kind.length).map((rest) => kind + rest)
  if (form === 'id') return fc.oneof(digits(HEX, 8, 8), digits(HEX, 17, 17)).map((rest) => kind + rest)
  throw new Error(`no values of ${wire}`)
}

/** Records of one to `most` fields. */
export function recordsOf(most: number): fc.Arbitrary<ToldValues> {
  return fc
    .uniqueArray(fc.constantFrom(...AWS_FIELDS), { minLength: 1, maxLength: most })
    .chain((fields) => fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOrList(field)]))))
}

/** A field's value as a record has it. */
export function valueOrList(field: AwsField): fc.Arbitrary<ToldValue> {
  return field.list ? fc.array(valuesOf(field) as fc.Arbitrary<string>, { minLength: 1, maxLength: 5 }) : valuesOf(field)
}
