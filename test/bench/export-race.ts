import type { Encoded, Exporter, Format, TelemetryRecord } from '@geneve-telemetry/core'
import { isRejected } from '@geneve-telemetry/core'
import { ExporterOutlet, undelivered } from '@geneve-telemetry/pipeline'

/** Records a second: by the backend's client alone, given bodies that are ready, and by the whole way through delivery, encoding included. */
export interface ExportSpeed {
  readonly bare: number
  readonly ours: number
}

const ROUNDS = 4
/** Records that are offered before the outlet is asked whether it has room, as the pipeline does after each batch of frames. */
const AT_ONCE = 500

/** Two ways of the same records to the same server. A number tells rounds apart: what a server has already, it does not store again. */
export interface Race {
  readonly records: readonly TelemetryRecord[]
  /** Sends all of them, ready. Only this is timed, not the making of it. */
  readonly bare: (round: number) => Promise<() => Promise<void>>
  readonly ours: (round: number) => () => Promise<void>
  /** Cleans up after a round, untimed. */
  readonly after?: (round: number) => Promise<unknown>
}

/** The fastest of some rounds in turn: what disturbs the machine for a while hits both. */
export async function raceOf({ records, bare, ours, after }: Race): Promise<ExportSpeed> {
  const least = { bare: Infinity, ours: Infinity }
  for (let round = 0; round < ROUNDS; round++) {
    const [one, other] = [2 * round, 2 * round + 1]
    const ready = await bare(one)
    least.bare = Math.min(least.bare, await secondsOf(ready))
    await after?.(one)
    least.ours = Math.min(least.ours, await secondsOf(ours(other)))
    await after?.(other)
  }
  return { bare: records.length / least.bare, ours: records.length / least.ours }
}

/** Request bodies as large as delivery makes them. */
export function readyBodies(format: Format, records: readonly TelemetryRecord[]): readonly Uint8Array[] {
  const bodies: Uint8Array[] = []
  let batch: Encoded[] = []
  let size = 0
  for (const record of records) {
    const encoded = format.encode(record)
    if (isRejected(encoded)) throw new Error(`${format.name} refuses a record: ${encoded.rejected}`)
    if (batch.length === format.limits.records || size + encoded.bytes.byteLength > format.limits.bytes) {
      bodies.push(format.body(batch))
      batch = []
      size = 0
    }
    batch.push(encoded)
    size += encoded.bytes.byteLength
  }
  bodies.push(format.body(batch))
  return bodies
}

/** Through an outlet, as the pipeline does it; all must arrive. */
export async function throughOutlet(exporter: Exporter, records: readonly TelemetryRecord[]): Promise<void> {
  const outlet = new ExporterOutlet(exporter)
  for (let index = 0; index < records.length; index++) {
    outlet.offer(records[index]!)
    if (index % AT_ONCE === AT_ONCE - 1) await outlet.settle()
  }
  await outlet.close()
  const account = outlet.account()
  if (undelivered(account) > 0) throw new Error(`not all records arrived: ${JSON.stringify(account)}`)
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}
