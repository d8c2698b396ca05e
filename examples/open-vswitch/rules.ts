import { readFileSync } from 'node:fs'
import { type AwsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'

const BRIDGE = 'br-int'
const GUEST_PORT = 2
const TUNNEL_PORT = 1
const FAR_END = '10.66.0.2'
const VNI = 77

const [path = 'record.json'] = process.argv.slice(2)
const record: AwsRecord = JSON.parse(readFileSync(path, 'utf8'))
const options = Buffer.from(new RecordEncoder().encode(record))

// |  Option Class 2  |  Type 1  |  Length 1, in words of 4 bytes  |  data  |     RFC 8926, 3.5
const fields: string[] = []
const actions: string[] = []
for (let at = 0; at < options.length; ) {
  const length = (options.readUInt8(at + 3) & 0x1f) * 4
  const name = `tun_metadata${fields.length}`
  fields.push(`{class=0x${options.toString('hex', at, at + 2)},type=${options.readUInt8(at + 2)},len=${length}}->${name}`)
  actions.push(`set_field:0x${options.toString('hex', at + 4, at + 4 + length)}->${name}`)
  at += 4 + length
}
const tunnel = [`set_field:${FAR_END}->tun_dst`, `set_field:${VNI}->tun_id`]
console.log(`ovs-ofctl add-tlv-map ${BRIDGE} '${fields.join(',')}'`)
console.log(`ovs-ofctl add-flow ${BRIDGE} 'in_port=${GUEST_PORT},actions=${[...tunnel, ...actions].join(',')},output:${TUNNEL_PORT}'`)
