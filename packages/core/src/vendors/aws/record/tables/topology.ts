/** Where in the VPC the resource stands. */
export const TOPOLOGY = {
  route_table_id: {
    number: 52,
    wire: 'rtb- id',
    instrument: 'identity',
    unit: '',
    cardinality: 'bounded',
    doc: 'Route table that the traffic follows.',
  },
  nacl_id: { number: 53, wire: 'acl- id', instrument: 'identity', unit: '', cardinality: 'bounded', doc: 'Network ACL of the subnet.' },
} as const
