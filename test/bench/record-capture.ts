import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat, type GeneveOptionFields, geneveOptions, genevePacket, LINKTYPE } from '@geneve-telemetry/core/testing'
import { type AwsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { type BigCapture, CACHE } from './captures.ts'
import { FILE_HEADER, RECORD_HEADER, recordHeader, writeFileHeader } from './pcap.ts'
import { repeatCapture } from './repeat.ts'

/** The letter of the capture whose packets all have a telemetry record. */
export const RECORDS: string = 'R'
const FLOWS = 8

/** Twenty fields each: about a load balancer, and about the packet's own flow. */
const LOAD_BALANCER: AwsRecord = {
  service_type: 'ALB',
  account_id: '123456789012',
  region: 'us-east-1',
  availability_zone: 'us-east-1a',
  vpc_id: 'vpc-12345678',
  throughput: 1_000_000,
  latency: 12,
  packet_loss: 0.5,
  jitter: 1,
  connection_count: 99,
  request_rate: 55,
  lb_name: 'shop',
  healthy_targets: 3,
  unhealthy_targets: 0,
  request_count: 123_456,
  response_time: 0.25,
  http_code: '200',
  active_flows: 12,
  new_flows: 3,
  target_resets: 0,
}
const FLOW: AwsRecord = {
  service_type: 'VPC',
  account_id: '123456789012',
  region: 'us-east-1',
  availability_zone: 'us-east-1a',
  vpc_id: 'vpc-12345678',
  subnet_id: 'subnet-12345678',
  instance_id: 'i-0123456789abcdef0',
  throughput: 1_000_000,
  latency: 12,
  packet_loss: 0.5,
  jitter: 1,
  connection_count: 99,
  request_rate: 55,
  interface_id: 'eni-12345678',
  action: 'ACCEPT',
  packets: 12,
  bytes: 1200,
  flow_direction: 'ingress',
  traffic_path: 1,
  tcp_flags: 3,
}

/** What the capture's packets say, in turn. */
export const TOLD: readonly AwsRecord[] = [LOAD_BALANCER, FLOW]

/** A capture of `packets` packets with a record each, made now where an earlier run did not leave it. */
export async function recordCapture(packets: number, say: (text: string) => void): Promise<BigCapture> {
  mkdirSync(CACHE, { recursive: true })
  const path = join(CACHE, `${RECORDS}-${packets}.pcap`)
  if (!existsSync(path)) {
    say(`making ${path}`)
    const [seed, unfinished] = [`${path}.seed`, `${path}.unfinished`]
    writeFileSync(seed, seedOf(TOLD.map(optionsOf)))
    await repeatCapture(seed, unfinished, packets, 0)
    renameSync(unfinished, path)
  }
  return { letter: RECORDS, title: `telemetry records of 20 fields (Ethernet, ${FLOWS} one-way flows)`, path, packets }
}

/** Each flow has one of the records. */
function seedOf(records: readonly (readonly GeneveOptionFields[])[]): Uint8Array {
  const header = new Uint8Array(FILE_HEADER)
  writeFileHeader(new DataView(header.buffer), LINKTYPE.ethernet)
  const frames = Array.from({ length: FLOWS }, (_, index) => {
    const frame = genevePacket({ options: records[index % records.length]!, tcp: { sourcePort: 49_152 + index } })
    const before = new Uint8Array(RECORD_HEADER)
    recordHeader(new DataView(before.buffer), 0, index, frame.byteLength, frame.byteLength)
    return concat(before, frame)
  })
  return concat(header, ...frames)
}

function optionsOf(values: AwsRecord): readonly GeneveOptionFields[] {
  return geneveOptions(new RecordEncoder().encode(values))
}
