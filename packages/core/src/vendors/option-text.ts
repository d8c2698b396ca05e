import type { FieldValue, PacketOption } from '../telemetry/packet.ts'
import { hex16Text, hexText } from '../wire/address.ts'
import { type OptionTable, optionName, readField } from './option-table.ts'
import type { RecordEntry } from './record-profile.ts'
import { optionClassOwner } from './registry.ts'
import type { OptionLayout } from './vendor.ts'

/** The options [start, end) of a packet, whole ones only, in order. Those that are a telemetry record's fields are read together. */
export function describeOptions(view: DataView, start: number, end: number, table: OptionTable): readonly PacketOption[] {
  const entries = recordEntries(view, start, end, table)
  const options: PacketOption[] = []
  for (let at = start; at < end; ) {
    const next = at + 4 + (view.getUint8(at + 3) & 0x1f) * 4
    const option = describeOption(view, at, next, table)
    const entry = entries?.get(at)
    options.push(entry === undefined ? option : { ...option, ...entry })
    at = next
  }
  return options
}

/** What telemetry records say about options, by the option's offset. */
function recordEntries(
  view: DataView,
  start: number,
  end: number,
  { records }: OptionTable,
): ReadonlyMap<number, Pick<PacketOption, 'vendor' | 'name' | 'value' | 'issue'>> | undefined {
  let found: Map<number, Pick<PacketOption, 'vendor' | 'name' | 'value' | 'issue'>> | undefined
  for (const { vendor, profile } of records.values()) {
    for (const entry of profile.decode(view, start, end)?.entries ?? []) {
      found ??= new Map()
      found.set(entry.offset, { vendor, ...told(entry) })
    }
  }
  return found
}

function told({ field, value, issue }: RecordEntry): Pick<PacketOption, 'name' | 'value' | 'issue'> {
  return {
    ...(field !== undefined && value !== undefined && { name: field.name, value }),
    ...(issue !== undefined && { issue }),
  }
}

/**
 * The option [offset, end) of a packet, its header included, with what the tables say about it. An option with one field has that field's name and value;
 * one with several has them all as its value. Whoever the class belongs to is named also where nobody decodes it.
 */
function describeOption(view: DataView, offset: number, end: number, table: OptionTable): PacketOption {
  const word = view.getInt32(offset)
  const optionClass = word >>> 16
  const type = (word >>> 8) & 0xff
  const data = offset + 4
  const option: { -readonly [K in keyof PacketOption]: PacketOption[K] } = {
    class: hex16Text(optionClass),
    type,
    critical: type >= 0x80,
    length: end - data,
    data: hexText(view, data, end),
  }
  const known = table.find(word >>> 8, end - data)
  const vendor = known?.vendor ?? optionClassOwner(optionClass)?.name
  if (vendor !== undefined) option.vendor = vendor
  if (known !== undefined) {
    const name = optionName(known.layout)
    const value = readFields(known.layout, view, data, end)
    if (name !== undefined && value !== undefined) {
      option.name = name
      option.value = value
    }
  }
  return option
}

function readFields({ fields }: OptionLayout, view: DataView, offset: number, end: number): FieldValue | undefined {
  if (fields.length === 1) return readField(fields[0]!, view, offset, end)
  const values: Record<string, string | number | bigint | boolean> = {}
  for (const field of fields) {
    const value = readField(field, view, offset, end)
    if (value !== undefined && typeof value !== 'object') values[field.name] = value
  }
  return Object.keys(values).length === 0 ? undefined : values
}
