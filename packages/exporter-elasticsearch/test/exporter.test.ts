import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord, sampleToldRecord, testExporter } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import { elasticsearchExporter } from '../src/index.ts'
import { backendOf, recordsIn } from './backend.ts'

const metric = { ...sampleMetricRecord(), points: { packets: { type: 'sum' as const, value: 1 } } }

testExporter(
  (mood) => elasticsearchExporter({ transport: backendOf(mood) }),
  { records: [samplePacketRecord(), sampleFlowRecord(), metric, sampleToldRecord()], parse: recordsIn },
  test,
)

test('options that cannot be are refused by name', () => {
  const transport = backendOf('takes-all')
  const make = (options: object) => () => elasticsearchExporter({ transport, ...options })
  expect(make({ server: 'solr' })).toThrow('server: "solr" is not one of elasticsearch, opensearch')
  expect(make({ setup: 'on' })).toThrow('setup: "on" is not one of install, off')
  for (const retention of ['', '7', '0d', '7 d', '7w']) expect(make({ retention })).toThrow(`retention: "${retention}" is not a number`)
  expect(make({ server: 'opensearch', rollup: 'time-series' })).toThrow('rollup: OpenSearch has no time series data streams')
  expect(make({ namespace: 'A' })).toThrow(/^namespace: "A"/)
})
