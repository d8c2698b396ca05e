/** A VPC endpoint and what goes through it. */
export const VPC_ENDPOINT = {
  vpc_endpoint_id: {
    number: 54,
    wire: 'vpce- id',
    instrument: 'identity',
    unit: '',
    cardinality: 'bounded',
    doc: 'VPC endpoint.',
    page: 'privateLink',
    called: 'VPC Endpoint Id',
  },
  endpoint_active_connections: {
    number: 55,
    wire: 'u32',
    instrument: 'gauge',
    unit: '{connection}',
    cardinality: 'bounded',
    doc: 'Connections through the endpoint that are open.',
    page: 'privateLink',
    called: 'ActiveConnections',
  },
  endpoint_packets_dropped: {
    number: 56,
    wire: 'u64',
    instrument: 'counter',
    unit: '{packet}',
    cardinality: 'bounded',
    doc: 'Packets that the endpoint dropped.',
    page: 'privateLink',
    called: 'PacketsDropped',
  },
} as const
