import { vendorFromTable } from './table/from-table.ts'
import type { Vendor } from './vendor.ts'

/** cPacket's packet brokers: which packet it is, how long it was before it was cut, and where and when it was seen, in the time of PTP version 2. */
export const cpacket: Vendor = vendorFromTable({
  vendor: 'cPacket',
  source: 'Wireshark, packet-geneve.c, dissect_cpacket_meta',
  options: [
    {
      class: 0x0164,
      type: 0x00,
      length: 24,
      name: 'cpacket_metadata',
      fields: [
        {
          name: 'cpacket_packet_id',
          type: 'uint',
          offset: 0,
          bytes: 4,
          instrument: 'identity',
          doc: 'Number of the packet at its broker.',
        },
        {
          name: 'cpacket_original_length',
          type: 'uint',
          offset: 4,
          bytes: 2,
          unit: 'By',
          doc: 'Length of the packet before the broker cut it.',
        },
        {
          name: 'cpacket_version',
          type: 'uint',
          offset: 7,
          bytes: 1,
          instrument: 'state',
          cardinality: 'bounded',
          doc: "Version of the option's layout.",
        },
        { name: 'cpacket_seconds', type: 'uint', offset: 8, bytes: 6, unit: 's', doc: 'When the packet was seen: seconds of PTP.' },
        { name: 'cpacket_nanoseconds', type: 'uint', offset: 14, bytes: 4, unit: 'ns', doc: 'Nanoseconds beyond these seconds.' },
        {
          name: 'cpacket_fraction',
          type: 'uint',
          offset: 18,
          bytes: 2,
          unit: 'ns/65536',
          doc: 'Fraction of a nanosecond beyond these, in units of 2^-16.',
        },
        {
          name: 'cpacket_device_id',
          type: 'uint',
          offset: 20,
          bytes: 2,
          instrument: 'identity',
          cardinality: 'bounded',
          doc: 'Broker that saw the packet.',
        },
        {
          name: 'cpacket_port_id',
          type: 'uint',
          offset: 22,
          bytes: 2,
          instrument: 'identity',
          cardinality: 'bounded',
          doc: 'Port of that broker.',
        },
      ],
    },
  ],
})
