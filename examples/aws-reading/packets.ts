import { encodeGeneve } from '@geneve-telemetry/core/encode'
import { type AwsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'

const encoder = new RecordEncoder()
const packet = (record: AwsRecord): Uint8Array => encodeGeneve({ options: encoder.encode(record), control: true })

/** What a socket at the GENEVE port might receive. */
export const PACKETS: readonly Uint8Array[] = [
  packet({ service_type: 'VPC', vpc_id: 'vpc-12345678', subnet_id: 'subnet-87654321', latency: 12, throughput: 940_000_000 }),
  packet({ service_type: 'VPC', vpc_id: 'vpc-0a1b2c3d4e5f60718', latency: 250, packet_loss: 0.1 }),
  packet({
    service_type: 'VPC',
    account_id: '123456789012',
    region: 'us-east-1',
    vpc_id: 'vpc-12345678',
    security_group_id: 'sg-0123456789abcdef0',
    rule_action: 'DENY',
    protocol: 'tcp',
    source_ip: '203.0.113.7',
    destination_ip: '10.0.1.5',
    source_port: 51_234,
    destination_port: 22,
  }),
  // What a Gateway Load Balancer writes is Amazon's, too, and has no VPC.
  encodeGeneve({ options: Uint8Array.from([0x01, 0x08, 1, 2, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]) }),
  // Not an option of Amazon's.
  encodeGeneve({ options: Uint8Array.from([0xff, 0x01, 1, 1, 0, 0, 0, 3]) }),
]
