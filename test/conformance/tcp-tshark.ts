import { TCP_VERDICTS, type TcpVerdict } from '@geneve-telemetry/analytics'
import { command } from '../command.ts'

/** What is said of one TCP packet; times in nanoseconds, 0 = nothing is said. */
export interface TcpFinding {
  readonly verdicts: readonly TcpVerdict[]
  readonly ackRttNanos: number
  readonly initialRttNanos: number
  readonly bytesInFlight: number
}

const NUMBERS = [
  'frame.number',
  'geneve.vni',
  'tcp.stream',
  'tcp.analysis.ack_rtt',
  'tcp.analysis.initial_rtt',
  'tcp.analysis.bytes_in_flight',
]

/** Runs tshark with no profile of a user's; by frame number, those of its GENEVE packets that are TCP inside. */
export async function tsharkFindings(path: string, port: number): Promise<ReadonlyMap<number, TcpFinding>> {
  const fields = [...NUMBERS, ...TCP_VERDICTS.map((name) => `tcp.analysis.${name}`)]
  const options = [
    '-n',
    '-d',
    `udp.port==${port},geneve`,
    '-T',
    'fields',
    '-E',
    'occurrence=l',
    ...fields.flatMap((field) => ['-e', field]),
  ]
  const { stdout } = await command('env', ['HOME=/nonexistent', 'tshark', '-r', path, ...options])
  const findings = new Map<number, TcpFinding>()
  for (const line of stdout.split('\n')) {
    const [frame, vni, stream = '', ackRtt = '', initialRtt = '', bytes = '', ...flags] = line.split('\t')
    if (vni === '' || stream === '') continue
    const set = TCP_VERDICTS.filter((_, index) => flags[index] !== '')
    // tshark marks fast and spurious ones as retransmissions too.
    const isPlain = !set.includes('fast_retransmission') && !set.includes('spurious_retransmission')
    findings.set(Number(frame), {
      verdicts: isPlain ? set : set.filter((name) => name !== 'retransmission'),
      ackRttNanos: nanosOf(ackRtt),
      initialRttNanos: nanosOf(initialRtt),
      bytesInFlight: Number(bytes),
    })
  }
  return findings
}

/** `-0.501000000` as a number of nanoseconds. */
function nanosOf(seconds: string): number {
  return Number(seconds.replace('.', ''))
}
