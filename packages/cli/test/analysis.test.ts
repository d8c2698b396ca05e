import { genevePacket, icmp, type TcpFields, tcp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { type CapturedFrame, pcap } from './capture.ts'
import { json, run } from './program.ts'

const CLIENT = { inner: { source: '192.0.2.1', destination: '192.0.2.2' }, ports: { sourcePort: 40000, destinationPort: 443 } }
const SERVER = { inner: { source: '192.0.2.2', destination: '192.0.2.1' }, ports: { sourcePort: 443, destinationPort: 40000 } }
const BEGIN = 1_795_428_000

function segment(nanos: number, { inner, ports }: typeof CLIENT, fields: TcpFields, length = 0): CapturedFrame {
  const bytes = genevePacket({ inner, segment: tcp({ ...ports, ...fields }, new Uint8Array(length)) })
  return { bytes, seconds: BEGIN, nanos }
}

// A segment is lost; two acknowledgements of the same have it sent again. What is expected is what tshark 4.0.17 prints.
const CONNECTION: readonly CapturedFrame[] = [
  segment(0, CLIENT, { flags: 'S', sequence: 1000 }),
  segment(600_000, SERVER, { flags: 'SA', sequence: 5000, acknowledgement: 1001 }),
  segment(1_000_000, CLIENT, { sequence: 1001, acknowledgement: 5001 }),
  segment(2_000_000, CLIENT, { sequence: 1001, acknowledgement: 5001 }, 100),
  segment(2_001_000, CLIENT, { sequence: 1101, acknowledgement: 5001 }, 100),
  segment(2_002_000, CLIENT, { sequence: 1201, acknowledgement: 5001 }, 100),
  segment(3_000_000, SERVER, { sequence: 5001, acknowledgement: 1001 }),
  segment(3_001_000, SERVER, { sequence: 5001, acknowledgement: 1001 }),
  segment(8_001_000, CLIENT, { sequence: 1001, acknowledgement: 5001 }, 100),
  segment(8_301_000, SERVER, { sequence: 5001, acknowledgement: 1301 }),
  { bytes: genevePacket({ segment: icmp({}) }), seconds: BEGIN, nanos: 9_000_000 },
]

describe('decode --analysis', () => {
  test('says of each TCP packet what tshark would', async () => {
    const { stdout, stderr, code } = await run(['decode', '--analysis', '--format', 'ndjson'], { input: pcap(CONNECTION) })
    expect([code, stderr]).toEqual([0, ''])
    const lines = json(stdout) as readonly { analysis?: { flow: string } }[]
    const flow = lines[0]!.analysis!.flow
    expect(flow).toMatch(/^[0-9a-f]+-f1$/)
    expect(lines.map(({ analysis }) => analysis)).toEqual([
      { flow, verdicts: [] },
      { flow, verdicts: [], ack_rtt: 0.0006 },
      { flow, verdicts: [], ack_rtt: 0.0004, initial_rtt: 0.001 },
      { flow, verdicts: [], initial_rtt: 0.001, bytes_in_flight: 100 },
      { flow, verdicts: [], initial_rtt: 0.001, bytes_in_flight: 200 },
      { flow, verdicts: [], initial_rtt: 0.001, bytes_in_flight: 300 },
      { flow, verdicts: ['duplicate_ack'], initial_rtt: 0.001 },
      { flow, verdicts: ['duplicate_ack'], initial_rtt: 0.001 },
      { flow, verdicts: ['fast_retransmission'], initial_rtt: 0.001, bytes_in_flight: 300 },
      { flow, verdicts: [], ack_rtt: 0.006299, initial_rtt: 0.001 },
      undefined,
    ])
  })

  test('in the table, too', async () => {
    const { stdout } = await run(['decode', '--analysis'], { input: pcap(CONNECTION) })
    expect(stdout.split('\n')[9]).toMatch(/\[A\] {2}140 B {2}fast_retransmission {2}in flight 300 B/)
  })

  test('is not there unless asked for', async () => {
    const { stdout } = await run(['decode', '--format', 'ndjson'], { input: pcap(CONNECTION) })
    expect(stdout).not.toContain('analysis')
  })
})
