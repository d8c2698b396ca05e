import { vendorFromTable } from './table/from-table.ts'
import type { Vendor } from './vendor.ts'

/**
 * Linux 7.0 and later, where it is switched on: what the receiver's generic receive offload needs to know of the packet inside.
 *
 *  0                   1                   2                   3
 * | reserved|V6|ID| network offset| transport off.| header length |
 */
export const linux: Vendor = vendorFromTable({
  vendor: 'Linux',
  source: 'Linux, drivers/net/geneve.c, GRO hint option',
  options: [
    {
      class: 0x0100,
      type: 0x01,
      length: 4,
      name: 'linux_gro_hint',
      fields: [
        {
          name: 'linux_nested_is_ipv6',
          type: 'boolean',
          bits: 5,
          doc: 'Whether the nested packet is IPv6.',
        },
        {
          name: 'linux_inner_protocol_id',
          type: 'uint',
          bits: [6, 7],
          instrument: 'state',
          cardinality: 'bounded',
          doc: 'Which of four kinds of inner protocol it is, as the kernel numbers them.',
        },
        {
          name: 'linux_nested_network_offset',
          type: 'uint',
          offset: 1,
          bytes: 1,
          unit: 'By',
          doc: 'Where the network header of the nested packet begins.',
        },
        {
          name: 'linux_nested_transport_offset',
          type: 'uint',
          offset: 2,
          bytes: 1,
          unit: 'By',
          doc: 'Where its transport header begins.',
        },
        {
          name: 'linux_nested_header_length',
          type: 'uint',
          offset: 3,
          bytes: 1,
          unit: 'By',
          doc: 'How long all its headers are.',
        },
      ],
    },
  ],
})
