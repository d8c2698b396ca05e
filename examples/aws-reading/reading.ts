import { GeneveParser } from '@geneve-telemetry/core'
import type { AwsRecord } from '@geneve-telemetry/core/vendors/aws'
import { PACKETS } from './packets.ts'

const SLOW_MS = 200

const parser = new GeneveParser()
parser.enableEnterpriseExtensions()

for (const packet of PACKETS) {
  const result = parser.parsePacket(packet)
  if (!result.ok) continue
  for (const { vendorName, decoded, decodedData } of result.value.enterpriseOptions) {
    if (vendorName !== 'Amazon' || !decoded) continue
    const { vpc_id: vpc, latency = 0, rule_action: action }: AwsRecord = decodedData ?? {}
    console.log(`VPC: ${vpc ?? 'not told'}`)
    if (latency > SLOW_MS) console.log(`High latency: ${latency} ms`)
    if (action === 'DENY') console.log(`Traffic denied: ${JSON.stringify(decodedData)}`)
  }
}
