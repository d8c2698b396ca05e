/** How well the network does, as the sender measured it. */
export const PERFORMANCE = {
  throughput: {
    number: 16,
    wire: 'u64',
    instrument: 'gauge',
    unit: 'bit/s',
    cardinality: 'bounded',
    doc: 'Bits per second that go through the resource.',
  },
  latency: { number: 17, wire: 'u32', instrument: 'gauge', unit: 'ms', cardinality: 'bounded', doc: 'Network latency.' },
  packet_loss: {
    number: 18,
    wire: 'float32',
    instrument: 'gauge',
    unit: '%',
    cardinality: 'bounded',
    doc: 'Part of the packets that is lost.',
  },
  jitter: { number: 19, wire: 'u32', instrument: 'gauge', unit: 'ms', cardinality: 'bounded', doc: 'Variation of the latency.' },
  connection_count: {
    number: 20,
    wire: 'u32',
    instrument: 'gauge',
    unit: '{connection}',
    cardinality: 'bounded',
    doc: 'Connections that are open.',
  },
  request_rate: { number: 21, wire: 'u32', instrument: 'gauge', unit: '{request}/s', cardinality: 'bounded', doc: 'Requests per second.' },
} as const
