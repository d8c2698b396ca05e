import { statSync } from 'node:fs'
import { type CaptureSource, openCapture, type ReplayOptions, replayCapture } from '@geneve-telemetry/capture'
import { PacketDescriber } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { PacketFilter } from '@geneve-telemetry/pipeline'
import { about, OperatorError } from './exit.ts'
import { loadVendor } from './load.ts'
import { callersFolder, fromCaller } from './place.ts'

/** Options that every command has: what is read, and how. */
export interface ReadOptions {
  readonly filter: readonly string[]
  readonly linkType?: number
  readonly port: readonly number[]
  readonly vendor: readonly string[]
}

/** When the packets are seen. */
export interface ReplayTimes {
  readonly time?: string
  readonly loop?: boolean
}

/** A capture to be read, and what its packets are read with: as the pipeline's job wants them. */
export interface Reading {
  readonly source: CaptureSource
  /** Whether it comes as it is made: standard input, a named pipe. */
  readonly isPipe: boolean
  readonly table: OptionTable
  readonly describer: PacketDescriber
  readonly rules: DecodeRules
  readonly filter: PacketFilter | undefined
  readonly linkType: number | undefined
}

const STANDARD_INPUT = '-'

/** Throws OperatorError for what cannot be; nothing is opened yet. */
export async function readingOf(file: string | undefined, options: ReadOptions & ReplayTimes, signal: AbortSignal): Promise<Reading> {
  const { filter, linkType, port, vendor } = options
  const folder = callersFolder()
  const loaded = await Promise.all(vendor.map((name) => loadVendor(name, folder)))
  // One that is built in may be named all the same.
  const vendors = new Set([...builtInVendors, ...loaded])
  const table = about('--vendor', () => new OptionTable([...vendors]))
  const path = file === undefined || file === STANDARD_INPUT ? STANDARD_INPUT : fromCaller(file)
  if (path === STANDARD_INPUT && process.stdin.isTTY) {
    throw new OperatorError('nothing to read: name a capture file, or pipe one in (tcpdump -w - … | geneve-telemetry …)')
  }
  return {
    table,
    describer: new PacketDescriber(table),
    rules: new DecodeRules(port.length === 0 ? undefined : port, table.roles),
    filter: filter.length === 0 ? undefined : about('--filter', () => new PacketFilter(filter, table)),
    linkType,
    isPipe: isPipe(path),
    source: about('FILE', () => sourceOf(path, options, signal)),
  }
}

function sourceOf(path: string, { time, loop }: ReplayTimes, signal: AbortSignal): CaptureSource {
  if (loop && isPipe(path)) throw new OperatorError('--loop needs a capture file: what comes over a pipe comes once')
  if (time === undefined && !loop) return openCapture(path, { signal })
  const now: ReplayOptions['now'] = loop || isPipe(path) ? 'first' : 'latest'
  return replayCapture(path, { signal, clock: Date.now, ...(loop && { loop }), ...(time !== undefined && { now }) })
}

/** What is not there is no pipe. */
function isPipe(path: string): boolean {
  return path === STANDARD_INPUT || statSync(path, { throwIfNoEntry: false })?.isFile() === false
}
