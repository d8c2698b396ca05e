import { type FlowRecord, type Format, joinedBytes } from '@geneve-telemetry/core'

const RECORD_BYTES = 1000

/** Flows as tab-separated values: start, source, destination, packets, bytes; both directions summed. */
export default function tsv(): Format<FlowRecord> {
  const encoder = new TextEncoder()
  return {
    name: 'tsv',
    accepts: ['flow'],
    limits: { records: 1000, bytes: 1_000_000, recordBytes: RECORD_BYTES },
    fileName: 'flows.tsv',
    encode(flow) {
      const { start, source, destination, forward, reverse } = flow
      const fields = [start.seconds, source, destination, forward.packets + reverse.packets, forward.bytes + reverse.bytes]
      // The form has no escapes, so what would need one is refused, and counted by this reason.
      if (fields.some((field) => /[\t\r\n]/.test(String(field)))) return { rejected: 'a field holds a tab or a line break' }
      const bytes = encoder.encode(`${fields.join('\t')}\n`)
      return bytes.byteLength <= RECORD_BYTES ? { id: flow.id, kind: 'flow', bytes } : { rejected: `longer than ${RECORD_BYTES} bytes` }
    },
    body: joinedBytes,
  }
}
