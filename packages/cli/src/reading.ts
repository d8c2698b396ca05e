import { statSync } from 'node:fs'
import { type CaptureSource, openCapture, type ReplayOptions, replayCapture } from '@geneve-telemetry/capture'
import { PacketDescriber } from '@geneve-telemetry/core'
import { OptionTable, vendorsWithRecordClass } from '@geneve-telemetry/core/vendors'
import { DecodeRules, type FrameSource } from '@geneve-telemetry/core/wire'
import { AccountFilter, type AccountSelection, PacketFilter } from '@geneve-telemetry/pipeline'
import { about, OperatorError } from './exit.ts'
import { fromCaller } from './place.ts'
import { loadVendors, type VendorOptions } from './vendors.ts'

/** Options that every command has that decodes packets. */
export interface DecodingOptions extends VendorOptions {
  readonly filter: readonly string[]
  /** Each `ACCOUNT[,ACCOUNT]` or `except=ACCOUNT[,ACCOUNT]`. */
  readonly account: readonly string[]
  /** Of the telemetry record. */
  readonly recordClass: number
}

/** Options that every command has that reads a capture. */
export interface ReadOptions extends DecodingOptions {
  readonly linkType?: number
  readonly port: readonly number[]
}

/** When the packets are seen. */
export interface ReplayTimes {
  readonly time?: string
  readonly loop?: boolean
}

/** What packets are decoded with. */
export interface Decoding {
  readonly table: OptionTable
  readonly describer: PacketDescriber
  readonly filter: PacketFilter | undefined
  readonly accounts: AccountFilter | undefined
}

/** Frames to be read, and what they are read with: as the pipeline's job wants them. */
export interface Reading extends Decoding {
  readonly source: FrameSource & Partial<Pick<CaptureSource, 'cutShort'>>
  /** Whether they come as they are made: from standard input, a named pipe, a socket. */
  readonly isPipe: boolean
  readonly rules: DecodeRules
  readonly linkType: number | undefined
}

const STANDARD_INPUT = '-'

/** Throws OperatorError for what cannot be. */
export async function decodingOf({ filter, account, recordClass, ...options }: DecodingOptions): Promise<Decoding> {
  const { vendors: builtIn } = about('--record-class', () => new OptionTable(vendorsWithRecordClass(recordClass)))
  const table = new OptionTable(await loadVendors(options, builtIn))
  return {
    table,
    describer: new PacketDescriber(table),
    filter: filter.length === 0 ? undefined : about('--filter', () => new PacketFilter(filter, table)),
    accounts: account.length === 0 ? undefined : about('--account', () => new AccountFilter(selectionOf(account), table)),
  }
}

/** Throws OperatorError for what cannot be; nothing is opened yet. */
export async function readingOf(file: string | undefined, options: ReadOptions & ReplayTimes, signal: AbortSignal): Promise<Reading> {
  const { linkType, port } = options
  const path = file === undefined || file === STANDARD_INPUT ? STANDARD_INPUT : fromCaller(file)
  if (path === STANDARD_INPUT && process.stdin.isTTY) {
    throw new OperatorError('nothing to read: name a capture file, or pipe one in (tcpdump -w - … | geneve-telemetry …)')
  }
  const decoding = await decodingOf(options)
  return {
    ...decoding,
    rules: new DecodeRules(port.length === 0 ? undefined : port, decoding.table.roles),
    linkType,
    isPipe: isPipe(path),
    source: about('FILE', () => sourceOf(path, options, signal)),
  }
}

const EXCEPT = 'except='

/** Accounts that are wanted, or that are not. */
function selectionOf(texts: readonly string[]): AccountSelection {
  const accountsOf = (some: readonly string[]): readonly string[] => some.flatMap((text) => text.split(',').map((one) => one.trim()))
  const except = accountsOf(texts.filter((text) => text.startsWith(EXCEPT)).map((text) => text.slice(EXCEPT.length)))
  const only = accountsOf(texts.filter((text) => !text.startsWith(EXCEPT)))
  return { except, ...(only.length > 0 && { only }) }
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
