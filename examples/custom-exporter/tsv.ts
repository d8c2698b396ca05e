import type { FlowRecord, Format } from '@geneve-telemetry/core'

const TAB = '\t'

/** Flows as tab-separated values: start, source, destination, packets, bytes; both directions summed. */
export default function tsv(): Format<FlowRecord> {
  const encoder = new TextEncoder()
  return {
    name: 'tsv',
    accepts: ['flow'],
    limits: { records: 1000, bytes: 1_000_000, recordBytes: 1000 },
    fileName: 'flows.tsv',
    encode(flow) {
      const { start, source, destination, forward, reverse } = flow
      const fields = [start.seconds, source, destination, forward.packets + reverse.packets, forward.bytes + reverse.bytes]
      return { id: flow.id, kind: 'flow', bytes: encoder.encode(`${fields.join(TAB)}\n`) }
    },
    body(batch) {
      const bytes = new Uint8Array(batch.reduce((sum, record) => sum + record.bytes.byteLength, 0))
      let at = 0
      for (const record of batch) {
        bytes.set(record.bytes, at)
        at += record.bytes.byteLength
      }
      return bytes
    },
  }
}
