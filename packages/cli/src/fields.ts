import type { RecordField, RecordProfile } from '@geneve-telemetry/core/vendors'
import { colorsFor } from './colors.ts'
import { ALL_WELL, OperatorError } from './exit.ts'
import { fieldsPage, type Listed } from './fields-page.ts'
import { Output } from './output.ts'
import { Table } from './table.ts'
import { loadVendors, type VendorOptions } from './vendors.ts'

export interface FieldsOptions extends VendorOptions {
  readonly format: string
}

/** Prints the fields of telemetry records: all, or those of a group, of a service, or with a word in their names. Returns the exit code. */
export async function fields(wanted: string | undefined, options: FieldsOptions): Promise<number> {
  const records = (await loadVendors(options)).flatMap(({ name: vendor, record: profile }) =>
    profile === undefined ? [] : [{ vendor, profile, fields: select(profile, wanted) }],
  )
  if (records.every((listed) => listed.fields.length === 0)) throw new OperatorError(nothingOf(wanted, records))
  const output = new Output()
  output.write(written(records, options.format))
  await output.flush()
  return ALL_WELL
}

function select({ fields, sections = [] }: RecordProfile, wanted = ''): readonly RecordField[] {
  const word = wanted.toLowerCase()
  const group = fields.filter((field) => field.group === word)
  if (group.length > 0) return group
  const told = sections.filter(({ service, title }) => [service, title].some((name) => name.toLowerCase() === word))
  const names = new Set(told.flatMap(({ topics }) => topics.flatMap(([, of]) => of)))
  return fields.filter(({ name }) => (told.length > 0 ? names.has(name) : name.startsWith(word) || name.includes(`_${word}`)))
}

function written(records: readonly Listed[], format: string): string {
  if (format === 'markdown') return records.map(fieldsPage).join('\n')
  if (format === 'json') return `${JSON.stringify(records.flatMap(plainFields), undefined, 2)}\n`
  return records.map(table).join('\n')
}

/** What there is to know of a field, without what reads and writes it. */
function plainFields({ vendor, profile: { optionClass }, fields }: Listed): readonly object[] {
  return fields.map(({ number, name, group, wire, type, list, values, instrument, unit, cardinality, doc, source, otel, ecs, influx }) => ({
    vendor,
    optionClass,
    number,
    name,
    group,
    wire,
    type,
    list,
    values,
    instrument,
    unit,
    cardinality,
    doc,
    source,
    otel,
    ecs,
    influx,
  }))
}

function table({ vendor, profile: { doc = '' }, fields }: Listed): string {
  const { bold, dim } = colorsFor(process.stdout)
  const columns = new Table([
    { title: 'NUMBER', align: 'right' },
    ...['FIELD', 'GROUP', 'TYPE', 'UNIT', 'KIND', 'MEANING'].map((title) => ({ title })),
  ])
  const rows = fields.map((field) => [
    String(field.number),
    field.name,
    field.group,
    field.list ? `list of ${field.wire}` : field.wire,
    field.unit,
    field.instrument,
    field.doc,
  ])
  return `${bold(`Telemetry record of ${vendor}`)}\n${dim(doc)}\n\n${columns.all(rows, dim)}`
}

function nothingOf(wanted: string | undefined, records: readonly Listed[]): string {
  if (records.length === 0) return 'no vendor has a telemetry record'
  const groups = new Set(records.flatMap(({ profile }) => profile.fields.map(({ group }) => group)))
  const services = records.flatMap(({ profile: { sections = [] } }) => sections.map(({ service }) => service))
  return `fields ${wanted}: no field has that word in its name; groups are ${[...groups].join(', ')}; services are ${services.join(', ')}`
}
