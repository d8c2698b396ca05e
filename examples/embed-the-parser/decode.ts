import { GeneveParser, type ParsedPacket } from '@geneve-telemetry/core'
import { DATAGRAMS } from './datagrams.ts'

const parser = new GeneveParser()
parser.enableEnterpriseExtensions()

for (const datagram of DATAGRAMS) {
  const result = parser.parsePacket(datagram)
  // Broken bytes are a result, never an exception.
  console.log(result.ok ? sentence(result.value) : `not decoded: ${JSON.stringify(result.issue)}`)
}

function sentence({ inner, geneve, enterpriseOptions }: ParsedPacket): string {
  const from = endpoint(inner?.source, inner?.sourcePort)
  const to = endpoint(inner?.destination, inner?.destinationPort)
  const told = enterpriseOptions.map(({ vendorName, decodedData }) => `${vendorName} ${JSON.stringify(decodedData)}`)
  return `${inner?.protocol} ${from} > ${to} in VNI ${geneve?.vni}: ${told.join(', ')}`
}

function endpoint(address = '?', port?: number): string {
  return port === undefined ? address : `${address} port ${port}`
}
