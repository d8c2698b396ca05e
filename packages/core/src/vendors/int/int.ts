import type { Field } from '../../telemetry/field.ts'
import { hexText } from '../../wire/address.ts'
import { writeHex } from '../readers.ts'
import { vendorFromTable } from '../table/from-table.ts'
import type { TableField } from '../table/vendor-table.ts'
import type { Vendor } from '../vendor.ts'
import { HOP_METADATA, type HopMetadatum, INSTRUCTIONS } from './hop-metadata.ts'
import { HEADER_BYTES, HopStack, stackBytes, VERSION } from './hop-stack.ts'

const SOURCE = 'p4.org, In-band Network Telemetry (INT) Dataplane Specification 2.1, 5.7 to 5.10'
const LONGEST = 124

const version: TableField = {
  name: 'int_version',
  type: 'uint',
  bits: [0, 3],
  instrument: 'state',
  cardinality: 'bounded',
  doc: 'Version of the header; that of INT 2.1 is 2, of another one nothing else is decoded.',
}

const discard: TableField = {
  name: 'int_discard',
  type: 'boolean',
  bits: 4,
  doc: 'Whether the sink has to discard the packet once it has read this.',
}

const domain: readonly TableField[] = [
  {
    name: 'int_domain_id',
    type: 'uint',
    bits: [48, 63],
    instrument: 'identity',
    cardinality: 'bounded',
    doc: 'Domain that the domain-specific instructions and flags belong to; 0 is none.',
  },
  { name: 'int_domain_instructions', type: 'hex', offset: 8, bytes: 2, cardinality: 'bounded', doc: 'Bitmap of the domain, 4 hex digits.' },
  { name: 'int_domain_flags', type: 'hex', offset: 10, bytes: 2, cardinality: 'bounded', doc: 'Flags of the domain, 4 hex digits.' },
]

/** The fields that have a place of their own. */
const fixed = vendorFromTable({
  vendor: 'INT',
  source: SOURCE,
  options: [
    {
      class: 0x0103,
      type: 1,
      length: [HEADER_BYTES, LONGEST],
      name: 'int_md',
      fields: [
        version,
        discard,
        { name: 'int_hops_exceeded', type: 'boolean', bits: 5, doc: 'Whether there were more hops than might report.' },
        {
          name: 'int_mtu_exceeded',
          type: 'boolean',
          bits: 6,
          doc: 'Whether a hop reported nothing since the packet would have become too long.',
        },
        { name: 'int_hop_words', type: 'uint', bits: [19, 23], unit: '{word}', doc: 'Words of 4 bytes that each hop adds.' },
        { name: 'int_remaining_hops', type: 'uint', bits: [24, 31], unit: '{hop}', doc: 'How many more hops may report.' },
        ...domain,
      ],
    },
    {
      class: 0x0103,
      type: 3,
      length: [HEADER_BYTES, LONGEST],
      name: 'int_mx',
      fields: [
        version,
        discard,
        ...domain,
        { name: 'int_source_metadata', type: 'hex', offset: HEADER_BYTES, doc: 'What the source put behind the header, in hex digits.' },
      ],
    },
  ],
})

const instructions: Field<string> = {
  ...textName('instructions', 'What hops are asked for, in order, with commas between; `none` for nothing.'),
  cardinality: 'bounded',
  read(view, offset, end) {
    if (end - offset < HEADER_BYTES) return undefined
    const bitmap = view.getUint16(offset + 4)
    return INSTRUCTIONS.filter((_, bit) => (bitmap & (0x8000 >> bit)) !== 0).join(',') || 'none'
  },
  write(value) {
    const names = value === 'none' ? [] : value.split(',')
    const bits = names.map((name) => INSTRUCTIONS.indexOf(name))
    if (bits.some((bit, index) => bit <= (bits[index - 1] ?? -1))) return undefined
    const bitmap = bits.reduce((sum, bit) => sum | (0x8000 >> bit), 0)
    return Uint8Array.of(VERSION << 4, 0, 0, 0, bitmap >> 8, bitmap & 0xff, 0, 0, 0, 0, 0, 0)
  },
}

const hops: Field<number> = {
  ...textName('hops', 'How many hops have reported.'),
  instrument: 'gauge',
  type: 'integer',
  unit: '{hop}',
  read: (view, offset, end) => HopStack.of(view, offset, end)?.hops,
  write: (value) =>
    Number.isInteger(value) && value >= 0 && value <= LONGEST
      ? stackBytes(HOP_METADATA[0]!, new Array<string>(value).fill('0'))
      : undefined,
}

/** The whole stack where its hops cannot be told apart. */
const stack: Field<string> = {
  ...textName('stack', 'What all hops added, in hex digits, where they cannot be told apart.'),
  read(view, offset, end) {
    if (end - offset <= HEADER_BYTES || HopStack.of(view, offset, end) !== undefined) return undefined
    return hexText(view, offset + HEADER_BYTES, end)
  },
  write(value) {
    const bytes = value === '' || value.length % 8 !== 0 ? undefined : writeHex(value, value.length)
    if (bytes === undefined || bytes.byteLength > LONGEST - HEADER_BYTES) return undefined
    // An instruction of the domain: it alone knows what follows.
    return Uint8Array.of(VERSION << 4, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, ...bytes)
  },
}

/** What all hops said, the newest first: decimal numbers with commas between. */
function listField(metadatum: HopMetadatum): Field<string> {
  return {
    ...textName(metadatum.name, `${metadatum.doc} The newest hop first, with commas between; - where a hop had no value.`),
    read(view, offset, end) {
      const values = HopStack.of(view, offset, end)?.values(metadatum)
      return values === undefined || values.length === 0 ? undefined : values.join(',')
    },
    write(value) {
      return stackBytes(metadatum, value.split(','))
    },
  }
}

function textName(name: string, doc: string): Omit<Field, 'read' | 'write'> {
  return {
    name: `int_${name}`,
    instrument: 'state',
    type: 'text',
    unit: '',
    cardinality: 'unbounded',
    doc,
    otel: `geneve.int.${name}`,
    ecs: `geneve.int_${name}`,
    influx: `int_${name}`,
  }
}

/** A field that is read in a header of the version that is known, and written into one. */
function ofVersion(field: Field): Field {
  return {
    ...field,
    read: (view, offset, end) => (end > offset && view.getUint8(offset) >> 4 === VERSION ? field.read(view, offset, end) : undefined),
    write(value) {
      const bytes = field.write(value)
      if (bytes !== undefined) bytes[0]! |= VERSION << 4
      return bytes
    },
  }
}

/**
 * In-band Network Telemetry 2.1: what the nodes on a packet's way say about it, in the packet (INT-MD), or what they are asked to report by themselves
 * (INT-MX). The specification leaves the format of the third option, Destination, to a later version.
 *
 *  0                   1                   2                   3
 * |Ver(2) |D|E|M|        reserved       | hop words| remaining hops|   E, M, hop words and remaining hops in INT-MD only
 * |      instruction bitmap       |          domain id            |
 * |      domain instructions      |         domain flags          |
 * |  metadata stack, the newest hop first ...                     |
 */
export const int: Vendor = {
  name: fixed.name,
  options: fixed.options.map((layout) => ({
    ...layout,
    fields: [
      ...layout.fields.map((field) => (field.name === version.name ? field : ofVersion(field))),
      ofVersion(instructions as Field),
      ...(layout.type === 1 ? [hops as Field, stack as Field, ...HOP_METADATA.map((metadatum) => listField(metadatum) as Field)] : []),
    ],
  })),
}
