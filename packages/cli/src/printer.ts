import { DELIVERED, type Exporter, type FlowRecord, type Rejected } from '@geneve-telemetry/core'
import type { Output } from './output.ts'

const LIMITS = { records: 1_000, bytes: 1_000_000, recordBytes: 1_000_000 }

/** How flows are written for whoever reads the output. */
export interface Lines {
  /** Lines before the first one. */
  readonly head: string
  line(record: FlowRecord): string | Rejected
}

/** The program's output as an exporter of flows, so that what cannot be written is counted like anywhere else. */
export function printer(lines: Lines, output: Output): Exporter<FlowRecord> {
  return {
    name: 'output',
    accepts: ['flow'],
    limits: LIMITS,
    fileName: 'flows.txt',
    repeat: 'duplicates',
    encode(record) {
      const text = lines.line(record)
      return typeof text === 'string' ? { id: record.id, kind: 'flow', bytes: Buffer.from(text) } : text
    },
    body: (batch) => Buffer.concat(batch.map(({ bytes }) => bytes)),
    async start() {
      output.write(lines.head)
    },
    /** What becomes of it is the output's to say. */
    async send(batch) {
      output.writeBytes(this.body(batch))
      await output.settle()
      return DELIVERED
    },
  }
}
