import type { Field } from '../telemetry/field.ts'
import { readHex64, writeHex } from './readers.ts'
import { vendorFromTable } from './table/from-table.ts'
import type { Vendor } from './vendor.ts'

const SOURCE = 'tencentcloud.com/document/product/1245/65413'

/**
 * The documents say 64 bits. On the wire they are what stands behind the prefix of the endpoint's id, in ASCII: `big0vj0j`. Other bytes are shown as 16 hex
 * digits, so that every endpoint has a name.
 */
const endpointId: Field<string> = {
  name: 'tencent_endpoint_id',
  role: 'scope',
  instrument: 'identity',
  unit: '',
  cardinality: 'bounded',
  doc: 'Gateway Load Balancer endpoint that the traffic came through: the tail of its id.',
  otel: 'geneve.tencent.endpoint_id',
  ecs: 'geneve.tencent_endpoint_id',
  influx: 'tencent_endpoint_id',
  read(view, offset, end) {
    const digits = readHex64(view, offset, end)
    if (digits === undefined) return undefined
    const letters = digits.replace(/../g, (octet) => String.fromCharCode(Number.parseInt(octet, 16)))
    return /^[0-9a-z]+$/.test(letters) ? letters : digits
  },
  write(value) {
    if (/^[0-9a-z]{8}$/.test(value)) return Uint8Array.from(value, (letter) => letter.charCodeAt(0))
    return writeHex(value, 16)
  },
}

const gwlb = vendorFromTable({
  vendor: 'Tencent',
  source: SOURCE,
  options: [
    {
      class: 0x0167,
      type: 2,
      length: 8,
      fields: [
        {
          name: 'tencent_attachment_id',
          type: 'hex',
          cardinality: 'bounded',
          doc: 'Attachment that the traffic came through, 16 hex digits.',
        },
      ],
    },
    {
      class: 0x0167,
      type: 3,
      length: 4,
      name: 'tencent_flow',
      fields: [
        {
          name: 'tencent_flow_direction',
          type: 'uint',
          bits: [0, 2],
          instrument: 'state',
          cardinality: 'bounded',
          doc: 'Direction of the packet within its flow; 1 was seen into the virtual network, 2 out of it.',
        },
        {
          name: 'tencent_flow_cookie',
          type: 'uint',
          bits: [3, 31],
          role: 'cookie',
          instrument: 'identity',
          doc: "The load balancer's name for the flow; both directions carry the same.",
        },
      ],
    },
  ],
})

/** What a Tencent Cloud Gateway Load Balancer tells the appliance behind it. */
export const tencent: Vendor = {
  name: gwlb.name,
  options: [{ optionClass: 0x0167, type: 1, length: 8, fields: [endpointId], source: SOURCE }, ...gwlb.options],
}
