import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import type { Logger as Logger2 } from '@opentelemetry/api-logs'
import * as sdk3 from '@opentelemetry/sdk-logs'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import * as sdk2 from 'sdk-logs-2'
import { expect, test } from 'vitest'
import { FlowEvents } from '../src/index.ts'

const flow = sampleFlowRecord()

test.each([
  ['2', sdk2 as unknown as typeof sdk3],
  ['3', sdk3],
])(
  'a logger of SDK %s takes a flow, which keeps its time',
  (_, { LoggerProvider, SimpleLogRecordProcessor, InMemoryLogRecordExporter }) => {
    const exporter = new InMemoryLogRecordExporter()
    // The one's logger is of api-logs, the other's of the API itself.
    const logger = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }).getLogger('theirs') as Logger2
    const event = new FlowEvents().event(flow)
    if ('rejected' in event) throw new Error(event.rejected)
    logger.emit(event)
    const [record] = exporter.getFinishedLogRecords()
    expect(record).toMatchObject({ eventName: 'geneve.flow', hrTime: [flow.end.seconds, flow.end.nanos], severityNumber: 9 })
    expect(record?.attributes).toMatchObject({
      'source.address': '192.0.2.1',
      'source.port': 49152,
      'destination.address': '192.0.2.2',
      'network.type': 'ipv4',
      'network.transport': 'tcp',
      'geneve.flow.reverse.bytes': 9000,
      'geneve.flow.reverse.vni': 11,
      'geneve.flow.forward.tcp_flags': 'FSPA',
    })
  },
)

test('names that are not ours are those of the semantic conventions', () => {
  const published = new Set<unknown>(Object.values(conventions))
  const event = new FlowEvents().event({ ...flow, icmpType: 8, icmpCode: 0, vlan: [7], encapsulation: ['vxlan'] })
  if ('rejected' in event) throw new Error(event.rejected)
  const foreign = Object.keys(event.attributes).filter((name) => !name.startsWith('geneve.'))
  expect(foreign).toHaveLength(6)
  expect(foreign.filter((name) => !published.has(name))).toEqual([])
})

test('what cannot be said is rejected with the reason', () => {
  const events = new FlowEvents()
  expect(events.event({ ...flow, end: { seconds: -1, nanos: 0 } })).toHaveProperty('rejected')
  expect(events.event({ ...flow, forward: { ...flow.forward, bytes: Number.NaN } })).toEqual({
    rejected: 'geneve.flow.forward.bytes is NaN',
  })
  expect(() => new FlowEvents({ eventName: '' })).toThrow('eventName')
})
