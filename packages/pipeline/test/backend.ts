import { DELIVERED, type Encoded, type Exporter, type Outcome } from '@geneve-telemetry/core'

/** A backend in memory, and an exporter to it. `answer` says what it makes of a request; by default it takes it. */
export interface Backend {
  readonly exporter: Exporter
  /** Ids of the records that came in requests it did not fail. */
  taken(): string[]
  /** The records of each request. */
  requests(): readonly (readonly Encoded[])[]
  closed(): number
}

const LIMITS = { records: 4, bytes: 1_000, recordBytes: 500 }

export function backend(
  answer: (batch: readonly Encoded[], request: number) => Promise<Outcome> = async () => DELIVERED,
  overrides: Partial<Exporter> = {},
): Backend {
  const taken: string[] = []
  const requests: (readonly Encoded[])[] = []
  let closed = 0
  const exporter: Exporter = {
    name: 'memory',
    accepts: ['packet', 'flow', 'metric'],
    repeat: 'harmless',
    limits: LIMITS,
    fileName: 'memory.txt',
    encode: (record) => ({ id: record.id, kind: record.kind, bytes: new TextEncoder().encode(record.id) }),
    body: () => new Uint8Array(0),
    async send(batch) {
      requests.push(batch)
      const outcome = await answer(batch, requests.length - 1)
      taken.push(...batch.map(({ id }) => id))
      return outcome
    },
    async close() {
      closed++
    },
    ...overrides,
  }
  return { exporter, taken: () => [...taken], requests: () => requests, closed: () => closed }
}
