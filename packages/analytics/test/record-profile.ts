import type { FieldIssue, Name, ToldValue } from '@geneve-telemetry/core'
import { concat, type GeneveOptionFields } from '@geneve-telemetry/core/testing'
import type { RecordEntry, RecordField, RecordProfile, Vendor } from '@geneve-telemetry/core/vendors'

const CLASS = 0xfff1
const text = new TextDecoder()

function field(number: number, name: string, instrument: Name['instrument'], list?: true): RecordField {
  return {
    number,
    name,
    group: 'example',
    wire: 'text',
    instrument,
    unit: '',
    cardinality: 'unbounded',
    doc: '',
    otel: name,
    ecs: name,
    influx: name,
    ...(list && { list }),
    read: (view, offset, end) => {
      const value = text.decode(new Uint8Array(view.buffer, view.byteOffset + offset, end - offset)).replaceAll('\0', '')
      if (value === '') return undefined
      return instrument === 'gauge' ? Number(value) : value
    },
    write: () => undefined,
  }
}

const FIELDS = [
  field(1, 'gateway', 'identity'),
  field(2, 'state', 'state'),
  field(3, 'load', 'gauge'),
  field(4, 'groups', 'identity', true),
  field(5, 'network', 'identity'),
]

/** A telemetry record whose fields are texts; it is about a gateway, else about the flow, else about a network. Counts how often it is read, and asked what it is about. */
export class ExampleRecord implements RecordProfile {
  readonly optionClass: number = CLASS
  readonly fields: readonly RecordField[] = FIELDS
  readings = 0
  askings = 0

  decode(view: DataView, start: number, end: number): ReturnType<RecordProfile['decode']> {
    this.readings++
    const values: Record<string, ToldValue> = {}
    const entries: RecordEntry[] = []
    for (let at = start; at < end; ) {
      const next = at + 4 + (view.getUint8(at + 3) & 0x1f) * 4
      if (view.getUint16(at) === CLASS) {
        const number = view.getUint8(at + 2)
        const known = FIELDS.find((candidate) => candidate.number === number)
        const value = known?.read(view, at + 4, next) as string | number | undefined
        const isTwice = known !== undefined && !known.list && known.name in values
        const issue: FieldIssue | undefined =
          known === undefined ? 'unknown-number' : isTwice ? 'duplicate' : value === undefined ? 'impossible-value' : undefined
        if (known !== undefined && value !== undefined && issue === undefined)
          values[known.name] = known.list ? [...((values[known.name] as string[]) ?? []), String(value)] : value
        entries.push({ offset: at, number, ...(known && { field: known }), ...(issue && { issue }) })
      }
      at = next
    }
    return entries.length === 0 ? undefined : { values, entries }
  }

  subjectOf({ gateway, network }: Readonly<Record<string, ToldValue>>, flow: string | undefined): ReturnType<RecordProfile['subjectOf']> {
    this.askings++
    if (gateway !== undefined) return { type: 'gateway', id: String(gateway) }
    if (flow !== undefined) return { type: 'flow', id: flow }
    return network === undefined ? undefined : { type: 'network', id: String(network) }
  }
}

export function exampleVendor(record: RecordProfile): Vendor {
  return { name: 'Example', options: [], record }
}

/** The options of a record; a list is given as one, a field without a name by its number. */
export function record(values: Readonly<Record<string, string | number | readonly string[]>>): readonly GeneveOptionFields[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const type = FIELDS.find((candidate) => candidate.name === name)?.number ?? Number(name)
    return (Array.isArray(value) ? value : [value]).map((one) => ({ class: CLASS, type, data: padded(String(one)) }))
  })
}

function padded(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value)
  return concat(bytes, new Uint8Array(-bytes.byteLength & 3))
}
