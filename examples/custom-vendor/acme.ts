import type { Field } from '@geneve-telemetry/core'
import type { Vendor } from '@geneve-telemetry/core/vendors'

/** How many packets wait in the sender's queue: 32 bits, big-endian, at the start of the option's data. */
const queueDepth: Field<number> = {
  name: 'acme_queue_depth',
  instrument: 'gauge',
  unit: '{packet}',
  cardinality: 'unbounded',
  doc: "Packets that wait in the sender's queue.",
  otel: 'acme.queue.depth',
  ecs: 'acme.queue.depth',
  influx: 'acme_queue_depth',
  read: (view, offset, end) => (end - offset === 4 ? view.getUint32(offset) : undefined),
  write(value) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) return undefined
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, value)
    return bytes
  },
}

/** 0xFF00 to 0xFFFF are for experiments (RFC 8926, 7). */
const acme: Vendor = {
  name: 'Acme',
  options: [{ optionClass: 0xff01, type: 1, length: 4, fields: [queueDepth], source: 'examples/custom-vendor/README.md' }],
}

export default acme
