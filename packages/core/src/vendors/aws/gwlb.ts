import type { Field } from '../../telemetry/field.ts'
import { readHex32, readHex64, writeHex } from '../readers.ts'
import type { Vendor } from '../vendor.ts'

// The only GENEVE options whose layout AWS has published: aws-samples/aws-gateway-load-balancer-tunnel-handler. Sent in this order, none critical,
// the appliance returns them unchanged. With 8 bytes of GENEVE, 8 of UDP and 20 of IPv4 they make the 68 bytes of the load balancer's overhead.
const SOURCE = 'aws-samples/aws-gateway-load-balancer-tunnel-handler, GenevePacket.cpp'
const OPTION_CLASS = 0x0108

/** `vpce-0` and the 16 hex digits of the option's 64 bits: so the console writes the id of the endpoint that the traffic came through. */
const gwlbEndpointId: Field<string> = {
  name: 'gwlb_endpoint_id',
  role: 'scope',
  instrument: 'identity',
  unit: '',
  cardinality: 'bounded',
  doc: 'Gateway Load Balancer endpoint (VPC endpoint) that the traffic came through.',
  otel: 'geneve.gwlb.endpoint.id',
  ecs: 'geneve.gwlb_endpoint_id',
  influx: 'gwlb_endpoint_id',
  read(view, offset, end) {
    const digits = readHex64(view, offset, end)
    return digits === undefined ? undefined : `vpce-0${digits}`
  },
  write: (value) => (value.startsWith('vpce-0') ? writeHex(value.slice('vpce-0'.length), 16) : undefined),
}

/** Always there and always 0 so far; meant for Transit Gateway, VPN and Direct Connect attachments. */
const gwlbAttachmentId: Field<string> = {
  name: 'gwlb_attachment_id',
  instrument: 'identity',
  unit: '',
  cardinality: 'bounded',
  doc: 'Attachment that the traffic came through, 16 hex digits; AWS sends 0 today.',
  otel: 'geneve.gwlb.attachment.id',
  ecs: 'geneve.gwlb_attachment_id',
  influx: 'gwlb_attachment_id',
  read: readHex64,
  write: (value) => writeHex(value, 16),
}

/** 32 bits, reused over time: an attribute of a flow, never what tells flows apart. */
const flowCookie: Field<string> = {
  name: 'flow_cookie',
  role: 'cookie',
  instrument: 'identity',
  unit: '',
  cardinality: 'unbounded',
  doc: "The load balancer's name for the flow, 8 hex digits; both directions of a flow carry the same.",
  otel: 'geneve.gwlb.flow.cookie',
  ecs: 'geneve.flow_cookie',
  influx: 'flow_cookie',
  read: readHex32,
  write: (value) => writeHex(value, 8),
}

/** What an AWS Gateway Load Balancer tells the appliance behind it about the flow that it hands over. */
export const awsGwlb: Vendor = {
  name: 'Amazon',
  options: [
    { optionClass: OPTION_CLASS, type: 1, length: 8, fields: [gwlbEndpointId], source: SOURCE },
    { optionClass: OPTION_CLASS, type: 2, length: 8, fields: [gwlbAttachmentId], source: SOURCE },
    { optionClass: OPTION_CLASS, type: 3, length: 4, fields: [flowCookie], source: SOURCE },
  ],
}
