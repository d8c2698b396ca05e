import { vendorFromTable } from './table/from-table.ts'
import type { Vendor } from './vendor.ts'

/** Oxide's virtual networks. The first option has no data: that it is there says all. */
export const oxide: Vendor = vendorFromTable({
  vendor: 'Oxide',
  source: 'oxidecomputer/opte, lib/oxide-vpc/src/engine/geneve.rs',
  options: [
    {
      class: 0x0129,
      type: 0x00,
      length: 0,
      fields: [{ name: 'oxide_external', type: 'boolean', doc: 'True for a packet that came from outside of the virtual network.' }],
    },
    {
      class: 0x0129,
      type: 0x01,
      length: 4,
      name: 'oxide_multicast',
      fields: [
        {
          name: 'oxide_replication',
          type: 'uint',
          bits: [0, 1],
          values: { 0: 'external', 1: 'underlay', 2: 'both', 3: 'reserved' },
          doc: 'Where a multicast packet is copied to.',
        },
      ],
    },
    {
      class: 0x0129,
      type: 0x02,
      length: 4,
      fields: [
        {
          name: 'oxide_mss',
          type: 'uint',
          unit: 'By',
          doc: 'Maximum segment size that the sender of a TCP packet asked for before it was changed.',
        },
      ],
    },
  ],
})
