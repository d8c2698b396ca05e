import type { FieldValue, PacketOption } from '../telemetry/packet.ts'
import { hex16Text, hexText } from '../wire/address.ts'
import { type OptionTable, optionName, readField } from './option-table.ts'
import { optionClassOwner } from './registry.ts'
import type { OptionLayout } from './vendor.ts'

/**
 * The option [offset, end) of a packet, its header included, with what the tables say about it. An option with one field has that field's name and value;
 * one with several has them all as its value. Whoever the class belongs to is named also where nobody decodes it.
 */
export function describeOption(view: DataView, offset: number, end: number, table: OptionTable): PacketOption {
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
  return values
}
