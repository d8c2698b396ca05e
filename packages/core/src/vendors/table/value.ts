import type { ValueType } from '../../telemetry/name.ts'
import { BIT_TYPE_NAMES, type BitType, type BitTypeName, BOOLEAN_TYPE, enumType, signedType, unsignedType } from './bit-type.ts'
import { BYTE_TYPE_NAMES, BYTE_TYPES, type ByteTypeName } from './byte-type.ts'
import { bitCodec, byteCodec, type Codec, type Lengths, presenceCodec } from './codec.ts'
import type { TablePlace } from './place.ts'

const MOST_BITS = 64

/** The members of a field that say how it is read. */
type ValueMembers = Readonly<Record<'type' | 'offset' | 'bytes' | 'bits' | 'values', TablePlace>>

/** How a field is read and written, and where it stands. */
export interface TableValue {
  readonly codec: Codec
  readonly valueType: ValueType
  /** Bits of the data. */
  readonly first: number
  readonly last: number
}

/** What a field's members say about its value; throws VendorTableError. */
export function tableValue(members: ValueMembers, lengths: Lengths): TableValue {
  const type = members.type.oneOf([...BIT_TYPE_NAMES, ...BYTE_TYPE_NAMES])
  if (members.values.isThere && type !== 'uint') members.values.fail(`${type} has no values, only uint has`)
  return isBitType(type) ? bitValue(type, members, lengths) : byteValue(type, members, lengths)
}

function isBitType(type: BitTypeName | ByteTypeName): type is BitTypeName {
  return BIT_TYPE_NAMES.some((name) => name === type)
}

function bitValue(name: BitTypeName, members: ValueMembers, lengths: Lengths): TableValue {
  const [least, most] = lengths
  if (name === 'boolean' && most === 0) return { codec: presenceCodec(lengths), valueType: 'boolean', first: 0, last: -1 }
  const [first, last] = members.bits.isThere ? bitsOf(members, most) : wholeBytesOf(members, name === 'boolean' ? 1 : undefined, lengths)
  const count = last - first + 1
  if (count > MOST_BITS)
    (members.bits.isThere ? members.bits : members.type).fail(`${name} has at most ${MOST_BITS} bits, here it has ${count}`)
  if (least !== most && !members.bits.isThere && !members.bytes.isThere)
    members.type.fail(`in an option of variable length ${name} needs bits or bytes`)
  const type = bitTypeOf(name, members.values, count)
  return { codec: bitCodec(type, first, count, lengths), valueType: type.valueType, first, last }
}

function bitTypeOf(name: BitTypeName, values: TablePlace, count: number): BitType {
  if (name === 'boolean') return BOOLEAN_TYPE
  if (name === 'int') return signedType(count)
  return values.isThere ? enumType(textsOf(values, count)) : unsignedType(count)
}

function byteValue(name: ByteTypeName, members: ValueMembers, lengths: Lengths): TableValue {
  if (members.bits.isThere) members.bits.fail(`${name} has offset and bytes, not bits`)
  const type = BYTE_TYPES[name]
  const [first, last] = wholeBytesOf(members, type.bytes, lengths)
  const bytes = members.bytes.isThere ? (last - first + 1) / 8 : type.bytes
  if (type.bytes !== undefined && bytes !== type.bytes) members.bytes.fail(`${name} has ${type.bytes} bytes`)
  return { codec: byteCodec(type, first / 8, bytes, lengths), valueType: type.valueType, first, last }
}

function bitsOf({ bits, offset, bytes }: ValueMembers, most: number): readonly [first: number, last: number] {
  for (const other of [offset, bytes]) if (other.isThere) other.fail('there are bits already')
  const [first, last, ...more] = (bits.isList ? bits.items() : [bits, bits]).map((bit) => bit.whole(0, most * 8 - 1))
  if (first === undefined || last === undefined || more.length > 0 || first > last)
    return bits.fail('they are the first bit and the last one')
  return [first, last]
}

function wholeBytesOf(
  { offset, bytes, type }: ValueMembers,
  usual: number | undefined,
  [, most]: Lengths,
): readonly [first: number, last: number] {
  if (most === 0) type.fail('the option has no data')
  const start = offset.isThere ? offset.whole(0, most - 1) : 0
  const count = bytes.isThere ? bytes.whole(1, most - start) : (usual ?? most - start)
  if (start + count > most) type.fail(`it has ${count} bytes, and there are ${most - start}`)
  return [start * 8, (start + count) * 8 - 1]
}

function textsOf(values: TablePlace, count: number): ReadonlyMap<bigint, string> {
  const texts = new Map<bigint, string>()
  for (const [number, place] of values.entries()) {
    if (!/^(0|[1-9]\d{0,19})$/.test(number) || BigInt(number) >> BigInt(count) !== 0n) place.fail(`${number} is no number of ${count} bits`)
    const text = place.text()
    if (/^\d+$/.test(text)) place.fail(`${text} is a number, not what it stands for`)
    if ([...texts.values()].includes(text)) place.fail(`${text} is there already`)
    texts.set(BigInt(number), text)
  }
  return texts
}
