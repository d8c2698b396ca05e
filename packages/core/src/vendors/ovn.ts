import { vendorFromTable } from './table/from-table.ts'
import type { Vendor } from './vendor.ts'

/**
 * Open Virtual Networking. The VNI of such a packet is the tunnel key of its logical datapath; keys are unique within that only, so that neither port keeps
 * equal addresses apart by itself.
 *
 *  0                   1                   2                   3
 * |R|    logical ingress port     |     logical egress port       |
 */
export const ovn: Vendor = vendorFromTable({
  vendor: 'OVN',
  source: 'ovn-org/ovn, ovn-architecture(7), "Tunnel Encapsulations"',
  options: [
    {
      class: 0x0102,
      type: 0x80,
      length: 4,
      name: 'ovn_ports',
      fields: [
        {
          name: 'ovn_ingress_port',
          type: 'uint',
          bits: [1, 15],
          instrument: 'identity',
          doc: 'Tunnel key of the logical port that the packet came in by; 0 is OVN itself.',
        },
        {
          name: 'ovn_egress_port',
          type: 'uint',
          bits: [16, 31],
          instrument: 'identity',
          doc: 'Tunnel key of the logical port that it goes out by; from 32768 up it is a multicast group.',
        },
      ],
    },
  ],
})
