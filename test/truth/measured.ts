import { writeFileSync } from 'node:fs'
import { FlowTable, ToldRecords, Traffic, type TrafficTotals } from '@geneve-telemetry/analytics'
import { openCapture } from '@geneve-telemetry/capture'
import type { FlowRecord, ToldRecord } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { type GenerateOptions, generate, type TruthLine } from '@geneve-telemetry/generator'
import { type PacketAccount, run } from '@geneve-telemetry/pipeline'

const DAY_SECONDS = 86_400

/** What the project found in a capture, by the way that the program goes. */
export interface Measured {
  readonly flows: readonly FlowRecord[]
  readonly told: readonly ToldRecord[]
  readonly traffic: TrafficTotals
  readonly packets: PacketAccount
}

/** Writes a generated capture to a file. Returns the truth about it. */
export function made(options: GenerateOptions, path: string): readonly TruthLine[] {
  const truth: TruthLine[] = []
  writeFileSync(path, '')
  for (const piece of generate(options)) {
    writeFileSync(path, piece.bytes, { flag: 'a' })
    truth.push(...piece.truth)
  }
  return truth
}

/** Reads it as `run` does. Flows last as long as they do in the truth: nothing but their own end ends them. */
export async function measured(path: string, duplicates: 'auto' | 'count'): Promise<Measured> {
  const optionTable = new OptionTable(builtInVendors)
  const timeouts = { activeSeconds: DAY_SECONDS, tcpIdleSeconds: DAY_SECONDS, idleSeconds: DAY_SECONDS, closedSeconds: DAY_SECONDS }
  const flows: FlowRecord[] = []
  const told: ToldRecord[] = []
  let traffic: Traffic | undefined
  const { packets } = await run({
    source: openCapture(path),
    rules: new DecodeRules(undefined, optionTable.roles),
    observer: 'truth',
    stage: ({ emit: _, ...where }) => {
      traffic = new Traffic({ ...where, optionTable })
      const analyzers = [traffic, new ToldRecords({ ...where, optionTable, maxSubjects: 1_000_000 })]
      const emit = (record: { readonly kind: string }): void => {
        if (record.kind === 'flow') flows.push(record as FlowRecord)
        if (record.kind === 'telemetry') told.push(record as ToldRecord)
      }
      return new FlowTable({ ...where, optionTable, duplicates, timeouts, maxFlows: 2 ** 20, analyzers, emit })
    },
  })
  if (traffic === undefined) throw new Error('the capture is empty')
  return { flows, told, traffic: traffic.totals(), packets }
}
