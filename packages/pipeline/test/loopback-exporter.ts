import { type Encoded, type Exporter, joinedBytes, type Outcome } from '@geneve-telemetry/core'

/** A small exporter for a backend over HTTP that answers 200 with the numbers of the records that it will never take, and of those that it does not take now. */
export function loopbackExporter(url: string, overrides: Partial<Exporter> = {}): Exporter {
  const exporter: Exporter = {
    name: 'loopback',
    accepts: ['packet', 'flow', 'metric'],
    repeat: 'duplicates',
    limits: { records: 8, bytes: 10_000, recordBytes: 1_000 },
    fileName: 'loopback.txt',
    encode: ({ id, kind }) => ({ id, kind, bytes: new TextEncoder().encode(`${id}\n`) }),
    body: joinedBytes,
    async send(batch, signal) {
      const response = await fetch(url, { method: 'POST', body: Buffer.from(exporter.body(batch)), signal })
      const text = await response.text()
      if (response.status === 200) return JSON.parse(text === '' ? '{"retry":[],"rejected":[]}' : text)
      return refusal(response, batch)
    },
    ...overrides,
  }
  return exporter
}

function refusal({ status, headers }: Response, batch: readonly Encoded[]): Outcome {
  const all = batch.map((_, index) => index)
  if (status === 413) return { retry: [], rejected: [], halve: true }
  if (status !== 429 && status !== 503) return { retry: [], rejected: all.map((index) => ({ index, reason: `HTTP ${status}` })) }
  const after = headers.get('retry-after')
  const outcome = { retry: all, rejected: [], retryReason: `HTTP ${status}` }
  return after === null ? outcome : { ...outcome, retryAfterMs: Number(after) * 1_000 }
}
