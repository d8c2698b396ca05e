import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { FlowRecord, MetricRecord, PacketRecord, Rejected } from '@geneve-telemetry/core'
import { ATTRIBUTES, fieldsOf, MEASURES, valueTypeOf } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord, sampleToldRecord } from '@geneve-telemetry/core/testing'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import {
  EcsNames,
  flowDocument,
  logFields,
  metricDocument,
  packetDocument,
  telemetryDocument,
} from '@geneve-telemetry/exporter-elasticsearch'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../command.ts'

// Whether each field of a document that is not ours is one of the Elastic Common Schema, with its type, a list exactly where that says so.

const REFERENCE = join(process.env['SHARED_DIR'] ?? join(ROOT, '../shared'), 'reference')
const FIELDS = join(REFERENCE, 'ecs-fields.tsv')
/** What Elastic's integration for flow logs of a cloud has beside. */
const FLOW_LOGS = join(REFERENCE, 'aws-vpcflow-fields.tsv')
const missing = !existsSync(FIELDS)
const reason = missing ? ` (skipped: ${FIELDS} is not there)` : ''

interface Field {
  readonly type: string
  readonly isList: boolean
}

function readFields(): ReadonlyMap<string, Field> {
  const rowsOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)
  const schema = rowsOf(FIELDS).map((row) => {
    const [name = '', type = '', , normalization] = row.split('\t')
    return [name, { type, isList: normalization === 'array' }] as const
  })
  const flowLogs = rowsOf(FLOW_LOGS).map((row) => {
    const [name = '', type = '', note = ''] = row.split('\t')
    return [name, { type, isList: note.startsWith('array') }] as const
  })
  return new Map([...schema, ...flowLogs])
}

const isType: Readonly<Record<string, (value: unknown) => boolean>> = {
  date: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(value),
  ip: (value) => typeof value === 'string' && isIP(value) !== 0 && !value.includes('%'),
  keyword: (value) => typeof value === 'string',
  long: (value) => Number.isInteger(value),
}

/** What of a document is not as the schema has it, one line each. */
function deviations(fields: ReadonlyMap<string, Field>, value: unknown, path = ''): readonly string[] {
  if (path === 'geneve') return []
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const type = fields.get(path)?.type
    if (type !== undefined && type !== 'object') return [`${path} is an object, in the schema a ${type}`]
    return Object.entries(value).flatMap(([key, part]) => deviations(fields, part, path === '' ? key : `${path}.${key}`))
  }
  const field = fields.get(path)
  if (field === undefined) return [`${path} is not in the schema`]
  if (Array.isArray(value) !== field.isList) return [`${path} is ${field.isList ? 'a list' : 'no list'} in the schema`]
  const hasType = isType[field.type]
  const wrong = (Array.isArray(value) ? value : [value]).filter((one) => !hasType?.(one))
  return wrong.map((one) => `${path} is ${JSON.stringify(one)}, in the schema a ${field.type}`)
}

const INNER = {
  vlan: [100, 200],
  icmpType: 8,
  icmpCode: 0,
  encapsulation: ['gre'],
  firstSource: '2001:db8::1',
  firstDestination: '2001:db8::2',
}
const OPTIONS = builtInVendors.flatMap(({ options }) => options)
const SAMPLES = { text: 'x', integer: 1, unsigned64: 2n ** 64n - 1n, float: 0.5, boolean: true, address: '192.0.2.9' } as const
const telemetry = Object.fromEntries(
  builtInVendors.map((vendor) => [
    vendor.name,
    Object.fromEntries(fieldsOf(vendor).map((field) => [field.name, SAMPLES[valueTypeOf(field)]])),
  ]),
)

/** All that a record can have, at once. */
function packet(): PacketRecord {
  const record = samplePacketRecord()
  return { ...record, packet: { ...record.packet, inner: { ...record.packet.inner, ...INNER }, telemetry } }
}

function flow(): FlowRecord {
  return { ...sampleFlowRecord(), ...INNER, telemetry }
}

function metrics(): readonly MetricRecord[] {
  const names = [...ATTRIBUTES, ...OPTIONS.flatMap(({ fields }) => fields)]
  const attributes = Object.fromEntries(names.map(({ name }) => [name, name === 'vni' || name === 'option_type' ? 1 : 'x']))
  return Object.entries(MEASURES).map(([measurement, figures]) => ({
    ...sampleMetricRecord(),
    measurement,
    attributes,
    points: Object.fromEntries(figures.map(({ name }) => [name, { type: 'sum' as const, value: 1 }])),
  }))
}

describe.skipIf(missing)(`the Elastic Common Schema${reason}`, () => {
  const names = new EcsNames(builtInVendors)
  const arp = { ...packet(), packet: { inner: { protocol: 'arp', source: '10.0.0.1', destination: '10.0.0.1' } } }
  const noAddress = { ...flow(), source: 'not an address', destination: '' }
  const documents: readonly (readonly [string, string | Rejected])[] = [
    ['a packet', packetDocument(packet(), names)],
    ['an ARP packet', packetDocument(arp, names)],
    ['a packet of which nothing is known', packetDocument({ ...packet(), packet: {} }, names)],
    ['a flow', flowDocument(flow(), names)],
    ['a flow without addresses', flowDocument(noAddress, names)],
    ...Object.entries(telemetry).map(
      ([vendor, values]) => [`what ${vendor} tells`, telemetryDocument({ ...sampleToldRecord(), vendor, values }, names)] as const,
    ),
    ...metrics().map((metric) => [`figures of ${metric.measurement}`, metricDocument(metric, names)] as const),
  ]

  test.each(documents)('%s has fields of the schema', (_, document) => {
    if (typeof document !== 'string') throw new Error(document.rejected)
    expect(deviations(readFields(), JSON.parse(document))).toEqual([])
  })

  test('the mapping has its types', () => {
    const schema = readFields()
    const others = [...logFields(builtInVendors)].filter(([field]) => !field.startsWith('geneve.'))
    expect(others.filter(([field, { type }]) => schema.get(field)?.type !== type)).toEqual([])
    expect(others.length).toBeGreaterThan(30)
  })

  test('a field that is not in it, another type and a list for one value are found', () => {
    const wrong = {
      source: { port: '1', ip: '10.0.0.256', nick: 'x' },
      event: { type: 'info', start: '2026' },
      network: { bytes: [1], vlan: 7 },
    }
    expect(deviations(readFields(), wrong)).toEqual([
      'source.port is "1", in the schema a long',
      'source.ip is "10.0.0.256", in the schema a ip',
      'source.nick is not in the schema',
      'event.type is a list in the schema',
      'event.start is "2026", in the schema a date',
      'network.bytes is no list in the schema',
      'network.vlan is not in the schema',
    ])
  })
})
