import { ATTRIBUTES, MEASURES } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord } from '@geneve-telemetry/core/testing'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import { expect, test } from 'vitest'
import { EcsNames, flowDocument, logFields, metricDocument, metricFields, packetDocument, templates } from '../src/index.ts'

const names = new EcsNames(builtInVendors)
const NESTED = { vlan: [1, 2], icmpType: 8, icmpCode: 0, encapsulation: ['gre'], firstSource: '192.0.2.3', firstDestination: '192.0.2.4' }
const OPTIONS = builtInVendors.flatMap(({ options }) => options)
const telemetry = Object.fromEntries(
  builtInVendors.map(({ name, options }) => [
    name,
    Object.fromEntries(options.flatMap(({ fields }) => fields.map((field) => [field.name, 'x']))),
  ]),
)

/** The names of all fields of a document. */
function fieldsOf(document: unknown, path = ''): readonly string[] {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) return [path]
  return Object.entries(document).flatMap(([key, value]) => fieldsOf(value, path === '' ? key : `${path}.${key}`))
}

const parsed = (document: unknown): unknown => JSON.parse(document as string)

test('each field that flows and packets have is in the mapping', () => {
  const packet = samplePacketRecord()
  const whole = { ...packet, packet: { ...packet.packet, inner: { ...packet.packet.inner, ...NESTED }, telemetry } }
  const flow = { ...sampleFlowRecord(), ...NESTED, telemetry }
  const known = logFields(builtInVendors)
  const found = [...fieldsOf(parsed(packetDocument(whole, names))), ...fieldsOf(parsed(flowDocument(flow, names)))]
  expect(found.filter((field) => !known.has(field))).toEqual([])
  // And the other way round: what is in the mapping is in some document.
  expect(
    [...known.keys()].filter((field) => !found.includes(field) && !field.startsWith('geneve.measurement') && field !== 'geneve.origin'),
  ).toEqual([])
})

test.each(Object.entries(MEASURES))('each field that figures of %s have is in the mapping', (measurement, figures) => {
  const attributes = Object.fromEntries(ATTRIBUTES.map(({ name }) => [name, 'x']))
  const points = Object.fromEntries(figures.map(({ name }) => [name, { type: 'sum' as const, value: 1 }]))
  const known = metricFields(builtInVendors, true)
  const document = parsed(metricDocument({ ...sampleMetricRecord(), measurement, attributes, points }, names))
  expect(fieldsOf(document).filter((field) => !known.has(field))).toEqual([])
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
