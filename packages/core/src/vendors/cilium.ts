import { vendorFromTable } from './table/from-table.ts'
import type { TableField } from './table/vendor-table.ts'
import type { Vendor } from './vendor.ts'

const address = (type: 'ipv4' | 'ipv6'): TableField => ({
  name: 'cilium_service_address',
  type,
  doc: 'Address of the service that the client spoke to, which the backend answers from.',
})

const port = (offset: number): TableField => ({
  name: 'cilium_service_port',
  type: 'uint',
  offset,
  bytes: 2,
  instrument: 'identity',
  doc: 'Port of that service.',
})

/** Cilium's direct server return: the node that a client reached tells the backend's node who is to answer. The VNI is the sender's security identity. */
export const cilium: Vendor = vendorFromTable({
  vendor: 'Cilium',
  source: 'cilium/cilium, bpf/lib/tunnel.h, geneve_dsr_opt4 and geneve_dsr_opt6',
  options: [
    { class: 0x014b, type: 0x81, length: 8, name: 'cilium_dsr', fields: [address('ipv4'), port(4)] },
    { class: 0x014b, type: 0x81, length: 20, name: 'cilium_dsr', fields: [address('ipv6'), port(16)] },
  ],
})
