import { vendorFromTable } from './table/from-table.ts'
import type { Vendor } from './vendor.ts'

/**
 * Google Cloud's Network Security Integration (types 1 to 3, VNI 0), and the perimeter that Google's fork of Cilium has (types 0x83 and 0x84, critical). Google
 * says that the number and the order of these options may change.
 */
export const google: Vendor = vendorFromTable({
  vendor: 'Google',
  source: 'cloud.google.com/network-security-integration/docs/understand-geneve; Wireshark, packet-geneve.c',
  options: [
    {
      class: 0x0132,
      type: 0x01,
      length: 4,
      name: 'google_network',
      fields: [
        {
          name: 'google_network_id',
          type: 'uint',
          bits: [0, 27],
          instrument: 'identity',
          cardinality: 'bounded',
          doc: 'Virtual network (VNID) that the packet belongs to.',
        },
        {
          name: 'google_direction',
          type: 'uint',
          bits: 31,
          values: { 0: 'ingress', 1: 'egress' },
          doc: 'Which way the packet goes, as the workload sees it.',
        },
      ],
    },
    {
      class: 0x0132,
      type: 0x02,
      length: 16,
      fields: [{ name: 'google_endpoint_id', type: 'hex', doc: 'Opaque id of the endpoint, 32 hex digits.' }],
    },
    {
      class: 0x0132,
      type: 0x03,
      length: 8,
      fields: [
        {
          name: 'google_profile_id',
          type: 'hex',
          cardinality: 'bounded',
          doc: 'Security profile that the packet was matched to, 16 hex digits.',
        },
      ],
    },
    {
      class: 0x0132,
      type: 0x83,
      length: 4,
      source: 'Google Kubernetes Engine, lib/google of its fork of Cilium',
      fields: [{ name: 'google_egress_node', type: 'ipv4', doc: 'Perimeter node that the packet leaves by.' }],
    },
    {
      class: 0x0132,
      type: 0x84,
      length: 4,
      source: 'Google Kubernetes Engine, lib/google of its fork of Cilium',
      fields: [{ name: 'google_ingress_node', type: 'ipv4', doc: 'Perimeter node that the packet came in by.' }],
    },
  ],
})
