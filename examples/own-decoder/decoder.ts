import { GeneveParser } from '@geneve-telemetry/core'
import { encodeGeneve } from '@geneve-telemetry/core/encode'

const AMAZON = 0x0105
const LENGTH = 16

const parser = new GeneveParser()
parser.enableEnterpriseExtensions()
parser.addEnterpriseDecoder(AMAZON, ({ data }) => {
  if (data.byteLength < LENGTH) return undefined
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const accountHash = view.getBigUint64(8).toString(16).padStart(16, '0')
  return { serviceCode: view.getUint32(0), regionCode: view.getUint32(4), accountHash: `0x${accountHash}` }
})

/** One option of the class, with this data. */
const packet = (...data: readonly number[]): Uint8Array =>
  encodeGeneve({ options: Uint8Array.from([AMAZON >> 8, AMAZON & 0xff, 1, data.length / 4, ...data]) })

const PACKETS = [
  packet(0, 0, 0, 7, 0, 0, 0, 3, 0x00, 0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69),
  packet(0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1, 0, 0, 0, 0),
  packet(0, 0, 0, 7, 0, 0, 0, 3),
]

for (const bytes of PACKETS) {
  const result = parser.parsePacket(bytes)
  if (!result.ok) continue
  for (const { vendorName, decodedData, option } of result.value.enterpriseOptions) {
    if (decodedData === undefined) console.log(`${vendorName}: ${option.length} bytes are not ours`)
    else console.log(`${vendorName}: ${JSON.stringify(decodedData)}`)
  }
}
