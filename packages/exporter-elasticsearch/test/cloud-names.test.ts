import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import { awsGwlb } from '@geneve-telemetry/core/vendors/aws'
import { expect, test } from 'vitest'
import { EcsNames, flowDocument } from '../src/index.ts'

const flow = { ...sampleFlowRecord(), telemetry: { Amazon: { flow_cookie: '00000001' } } }
const names = new EcsNames([awsGwlb])

function logged(record: Parameters<typeof flowDocument>[0]): unknown {
  const document = flowDocument(record, names)
  if (typeof document !== 'string') throw new Error(document.rejected)
  return JSON.parse(document).aws?.vpcflow
}

test('what a flow log says too has the name that the integration gives it', () => {
  expect(logged(flow)).toEqual({
    type: 'IPv4',
    pkt_srcaddr: '192.0.2.1',
    pkt_dstaddr: '192.0.2.2',
    tcp_flags: '3',
    tcp_flags_array: ['fin', 'syn'],
  })
  expect(logged({ ...flow, version: 6, protocol: 17, source: 'x', destination: '2001:db8::1' })).toEqual({
    type: 'IPv6',
    pkt_dstaddr: '2001:db8::1',
  })
})

test.each([
  // Flags of the packets seen, how the initiator is known, what a log has: ACK counts with SYN only, PSH and URG never.
  [0x10, 'first-packet', '0'],
  [0x02, 'syn', '2'],
  [0x1a, 'syn', '2'],
  [0x12, 'first-packet', '18'],
  [0x13, 'first-packet', '19'],
  [0x38, 'first-packet', '0'],
  [0x14, 'first-packet', '4'],
] as const)('flags 0x%s, initiator by %s: %s', (tcpFlags, initiator, expected) => {
  expect(logged({ ...flow, initiator, forward: { ...flow.forward, tcpFlags } })).toMatchObject({ tcp_flags: expected })
})

test('a flow that no load balancer of that cloud sent has none of it', () => {
  expect(logged(sampleFlowRecord())).toBeUndefined()
})
