import { GeneveParser } from '@geneve-telemetry/core'
import { encodeGeneve } from '@geneve-telemetry/core/encode'
import { type AwsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'

const record: AwsRecord = {
  service_type: 'VPC',
  account_id: '123456789012',
  region: 'us-east-1',
  availability_zone: 'us-east-1a',
  vpc_id: 'vpc-12345678',
  subnet_id: 'subnet-87654321',
}

const options = new RecordEncoder().encode(record)
// A packet that tells something and carries nothing. A UDP socket sends it to port 6081.
const datagram = encodeGeneve({ options, control: true })
console.log(`${datagram.length} bytes: ${Buffer.from(datagram).toString('hex')}`)

const parser = new GeneveParser()
parser.enableEnterpriseExtensions()
const result = parser.parsePacket(datagram)
if (!result.ok) throw new Error(JSON.stringify(result.issue))
for (const { vendorName, decodedData = {} } of result.value.enterpriseOptions) {
  const said = Object.entries(decodedData).map(([name, value]) => `${name}: ${value}`)
  console.log(`${vendorName}: ${said.join(', ')}`)
}
