import { ATTRIBUTES, fieldsOf, MEASURES, valueTypeOf } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord, sampleToldRecord } from '@geneve-telemetry/core/testing'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import { expect, test } from 'vitest'
import { gateway } from '../../../test/example-gateway.ts'
import {
  type BulkTransport,
  EcsNames,
  elasticsearchExporter,
  flowDocument,
  logFields,
  metricDocument,
  metricFields,
  packetDocument,
  telemetryDocument,
  templates,
} from '../src/index.ts'

const names = new EcsNames(builtInVendors)
const NESTED = { vlan: [1, 2], icmpType: 8, icmpCode: 0, encapsulation: ['gre'], firstSource: '192.0.2.3', firstDestination: '192.0.2.4' }
const OPTIONS = builtInVendors.flatMap(({ options }) => options)
const SAMPLES = { text: 'x', integer: 1, unsigned64: 1, float: 0.5, boolean: true, address: '192.0.2.9' }
const telemetry = Object.fromEntries(
  builtInVendors.map((vendor) => [
    vendor.name,
    Object.fromEntries(fieldsOf(vendor).map((field) => [field.name, SAMPLES[valueTypeOf(field)]])),
  ]),
)

/** The names of all fields of a document. */
function pathsIn(document: unknown, path = ''): readonly string[] {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) return [path]
  return Object.entries(document).flatMap(([key, value]) => pathsIn(value, path === '' ? key : `${path}.${key}`))
}

const parsed = (document: unknown): unknown => JSON.parse(document as string)

test('each field that flows, packets and telemetry records have is in the mapping', () => {
  const packet = samplePacketRecord()
  const whole = { ...packet, packet: { ...packet.packet, inner: { ...packet.packet.inner, ...NESTED }, telemetry } }
  const sample = sampleFlowRecord()
  const reverse = { ...sample.reverse, returnedPackets: 1, returnedBytes: 60 }
  const flow = { ...sample, ...NESTED, telemetry, reverse, asymmetric: true as const, weight: 2 }
  const known = logFields(builtInVendors)
  const found = [packetDocument(whole, names), flowDocument(flow, names), telemetryDocument({ ...sampleToldRecord(), values: {} }, names)]
    .map(parsed)
    .flatMap((document) => pathsIn(document))
  expect(found.filter((field) => !known.has(field))).toEqual([])
  // And the other way round: what is in the mapping is in some document.
  expect([...known.keys()].filter((field) => !found.includes(field) && !field.startsWith('geneve.measurement'))).toEqual([])
})

test.each(Object.entries(MEASURES))('each field that figures of %s have is in the mapping', (measurement, figures) => {
  const attributes = Object.fromEntries(ATTRIBUTES.map(({ name }) => [name, 'x']))
  const points = Object.fromEntries(figures.map(({ name }) => [name, { type: 'sum' as const, value: 1 }]))
  const known = metricFields(builtInVendors, true)
  const document = parsed(metricDocument({ ...sampleMetricRecord(), measurement, attributes, points }, names))
  expect(pathsIn(document).filter((field) => !known.has(field))).toEqual([])
})

test('series of a time series are told apart by their origin and all that metric records are told apart by', () => {
  const fields = [...metricFields(builtInVendors, true)]
  const dimensions = fields.filter(([, { time_series_dimension }]) => time_series_dimension).map(([field]) => field)
  const scopes = OPTIONS.flatMap(({ fields }) => fields).filter(({ role }) => role === 'scope')
  expect(new Set(dimensions)).toEqual(
    new Set(['geneve.origin', 'geneve.measurement', ...ATTRIBUTES.map(({ ecs }) => ecs), ...scopes.map(({ ecs }) => ecs)]),
  )
  const figures = fields.filter(([, { time_series_metric }]) => time_series_metric !== undefined).map(([field]) => field)
  expect(new Set(figures)).toEqual(new Set(Object.values(MEASURES).flatMap((names) => names.map(({ ecs }) => ecs))))
})

test('OpenSearch gets nothing that it does not know', () => {
  const options = { retention: '7d', vendors: builtInVendors }
  const text = JSON.stringify(templates({ ...options, server: 'opensearch' }))
  for (const unknown of ['time_series', 'logsdb', 'lifecycle', 'ignore_missing', 'geneve.rollup']) expect(text).not.toContain(unknown)
  const elastic = JSON.stringify(templates({ ...options, server: 'elasticsearch' }))
  for (const known of ['"time_series"', '"logsdb"', '"lifecycle":{"data_retention":"7d"}', 'geneve@custom', '"priority":200']) {
    expect(elastic).toContain(known)
  }
  expect(elastic).not.toContain('ilm')
})

test('a server without unsigned numbers of 64 bits gets signed ones, and that is said', async () => {
  const put: string[] = []
  const transport: BulkTransport = {
    async request({ path, body }) {
      const text = new TextDecoder().decode(body)
      if (text.includes('unsigned_long')) return { status: 400, headers: {}, text: UNKNOWN_TYPE }
      put.push(path, ...(text.match(/"octets":\{[^}]*\}/g) ?? []))
      return { status: 200, headers: {}, text: '{}' }
    },
  }
  const exporter = elasticsearchExporter({ transport, vendors: [gateway] })
  const lines = await exporter.setup?.(new AbortController().signal)
  expect(put).toContain('"octets":{"type":"long"}')
  expect(lines?.at(-1)).toBe('this server has no type unsigned_long: documents with a number above 2^63 - 1 are rejected')
  expect(lines).toHaveLength(9)
})

/** As Elasticsearch words it. */
const UNKNOWN_TYPE =
  '{"error":{"type":"mapper_parsing_exception","reason":"No handler for type [unsigned_long] declared on field [octets]"},"status":400}'
