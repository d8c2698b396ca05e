import { GeneveParser } from '@geneve-telemetry/core'
import { encodeGeneve } from '@geneve-telemetry/core/encode'
import { RecordEncoder } from '@geneve-telemetry/core/vendors/aws'

const record = new RecordEncoder().encode({ service_type: 'NAT_GATEWAY', nat_gateway_id: 'nat-0a1b2c3d4e5f60718' })
const unassigned = Uint8Array.from([0xff, 0x01, 7, 2, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1])
const unknownToAmazon = Uint8Array.from([0x01, 0x08, 9, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
const datagram = encodeGeneve({ options: Uint8Array.from([...record, ...unassigned, ...unknownToAmazon]) })

const parser = new GeneveParser()

function show(title: string): void {
  const result = parser.parsePacket(datagram)
  if (!result.ok) throw new Error(JSON.stringify(result.issue))
  console.log(title)
  for (const { vendorName, decoded, decodedData, option } of result.value.enterpriseOptions) {
    const what = decoded ? JSON.stringify(decodedData) : `${option.length} bytes raw data`
    console.log(`  ${vendorName} ${option.class}/${option.type}: ${what}`)
  }
}

show('Extensions off:')
parser.enableEnterpriseExtensions()
show('Extensions on:')
