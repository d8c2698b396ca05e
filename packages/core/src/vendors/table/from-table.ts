import type { Field } from '../../telemetry/field.ts'
import type { OptionLayout, Vendor } from '../vendor.ts'
import { TableFields } from './fields.ts'
import { TablePlace } from './place.ts'
import type { VendorTable } from './vendor-table.ts'

/**
 * The `Vendor` that a table describes. Names that the table does not give are derived: the field `acme_queue_depth` of the vendor `Acme` is
 * `geneve.acme.queue_depth` for OpenTelemetry, `geneve.acme_queue_depth` for Elasticsearch and `acme_queue_depth` for InfluxDB.
 *
 * @throws VendorTableError with the path to what cannot be
 */
export function vendorFromTable(table: VendorTable): Vendor {
  const { vendor, source, options } = new TablePlace(table).members('vendor', 'source', 'options')
  const name = vendor.text()
  if (!/[a-z0-9]/i.test(name)) vendor.fail('there is no letter from A to Z and no digit in it to make names of')
  const origin = source.text()
  const fields = new TableFields(name)
  const known = new Set<string>()
  return { name, options: options.items().map((option) => layoutOf(option, origin, fields, known)) }
}

function layoutOf(place: TablePlace, origin: string, fields: TableFields, known: Set<string>): OptionLayout {
  const option = place.members('class', 'type', 'length', 'name', 'fields', 'source')
  const layout: OptionLayout = {
    optionClass: option.class.whole(0, 0xffff),
    type: option.type.whole(0, 0xff),
    length: lengthOf(option.length),
    ...(option.name.isThere && { name: option.name.snakeCase() }),
    fields: fieldsOf(option.fields, lengthOf(option.length), fields),
    source: option.source.isThere ? option.source.text() : origin,
  }
  if (layout.fields.length > 1 && layout.name === undefined)
    place.fail(`with ${layout.fields.length} fields the option needs a name of its own`)
  refuseTwice(option.length, layout, known)
  return layout
}

function lengthOf(place: TablePlace): OptionLayout['length'] {
  const [least, most, ...more] = (place.isList ? place.items() : [place, place]).map((one) => one.whole(0, 124))
  if (least === undefined || most === undefined || more.length > 0 || least > most)
    return place.fail('a range is the least and the most bytes')
  if (least % 4 !== 0 || most % 4 !== 0) return place.fail('an option has its bytes in steps of 4')
  return place.isList ? [least, most] : least
}

function fieldsOf(place: TablePlace, length: OptionLayout['length'], fields: TableFields): readonly Field[] {
  const taken = new Map<string, readonly [first: number, last: number]>()
  return place.items().map((field) => fields.read(field, length, taken))
}

function refuseTwice(place: TablePlace, { optionClass, type, length }: OptionLayout, known: Set<string>): void {
  const [least, most] = typeof length === 'number' ? [length, length] : length
  for (let bytes = least; bytes <= most; bytes += 4) {
    const option = `${optionClass}/${type} of ${bytes} bytes`
    if (known.has(option)) place.fail(`an option of this class and type with ${bytes} bytes is in the table already`)
    known.add(option)
  }
}
