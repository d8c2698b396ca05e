import { existsSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Vendor, Way, Wiring } from '@geneve-telemetry/core'
import {
  type DeadLetters,
  type DeliveryOptions,
  ExporterOutlet,
  fileExporter,
  type Outlet,
  type RecordKind,
  SinkOutlet,
} from '@geneve-telemetry/pipeline'
import { messageOf, OperatorError } from './exit.ts'
import { EXPORTER_NAMES, isExporter, isSink, loadWays } from './load.ts'
import { callersFolder, fromCaller } from './place.ts'

const EXAMPLE = 'for example --to elasticsearch=http://localhost:9200 or --to elasticsearch=file:out'
const FILE = 'file:'
/** A file takes at once what it is given: what waits longer is only in the way of what comes next. */
const FILE_QUEUE_BYTES = 2 * 1024 * 1024
const MILLISECONDS = 1_000

/** What goes where. */
export interface TargetOptions {
  /** Each `NAME=URL`, `NAME=file:DIR`, or the NAME of a module that knows its own way. */
  readonly to: readonly string[]
  /** Also packet records, to targets that take them. */
  readonly packets?: true
  /** Also flows to targets that leave them out by default. */
  readonly flows?: true
  readonly queueBytes: number
  /** Seconds. */
  readonly drain: number
  readonly retryFor: number
}

/** What of the job the targets depend on. */
export interface Occasion {
  readonly vendors: readonly Vendor[]
  /** The packets' time is the present. */
  readonly live: boolean
  /** Whether the source can wait for a target that is slow. */
  readonly canWait: boolean
  readonly deadLetters: DeadLetters
}

/** A target as it was typed, and the ways that its module makes of it. */
export interface Target {
  readonly ways: readonly Way[]
  /** The folder, if the records go to files. */
  readonly folder?: string
  readonly option: string
}

/** Throws OperatorError for a target that cannot be. Nothing is opened yet. */
export async function outletsOf(options: TargetOptions, occasion: Occasion): Promise<readonly Outlet[]> {
  const { to, packets, flows } = options
  const wiring = { vendors: occasion.vendors, live: occasion.live, flows: flows === true }
  const targets = await targetsOf(to, wiring)
  checkFiles(targets)
  const kinds: readonly RecordKind[] = [...(packets ? (['packet'] as const) : []), 'telemetry', 'flow', 'metric']
  const taken = new Map<string, number>()
  return targets.flatMap((target) =>
    target.ways.map((way) => {
      const times = (taken.get(way.name) ?? 0) + 1
      taken.set(way.name, times)
      return outletOf(target, way, { kinds, name: times === 1 ? way.name : `${way.name}-${times}` }, options, occasion)
    }),
  )
}

/** Throws OperatorError for a target that cannot be. */
export async function targetsOf(
  to: readonly string[],
  wiring: Pick<Wiring, 'vendors' | 'live' | 'flows'>,
  what = '--to',
): Promise<readonly Target[]> {
  if (to.length === 0) throw new OperatorError(`--to: at least one target is needed, ${EXAMPLE}`)
  return Promise.all(to.map((text) => targetOf(text, wiring, `${what} ${text}`)))
}

async function targetOf(text: string, wiring: Pick<Wiring, 'vendors' | 'live' | 'flows'>, option: string): Promise<Target> {
  const [name, place] = splitTarget(text)
  const isFile = place?.startsWith(FILE) === true
  const url = place === undefined || isFile ? undefined : urlOf(name, place, option)
  const ways = await loadWays(name, callersFolder(), wiringOf(wiring, url), option)
  if (isFile) {
    const sink = ways.find(isSink)
    if (place.length === FILE.length) throw new OperatorError(`${option}: a target is NAME=URL or NAME=file:FOLDER, ${EXAMPLE}`)
    if (sink !== undefined) throw new OperatorError(`${option}: ${sink.name} has no form for files`)
    return { ways, option, folder: fromCaller(place.slice(FILE.length)) }
  }
  const lost = ways.find((way) => !isExporter(way) && !isSink(way))
  if (lost === undefined) return { ways, option }
  if (url !== undefined) throw new OperatorError(`${option}: ${lost.name} goes to files only: write ${name}=file:FOLDER`)
  throw new OperatorError(`${option}: where to? Write ${name}=URL or ${name}=file:FOLDER, ${EXAMPLE}`)
}

/** `NAME=PLACE`; the place is missing where there is only a name. */
export function splitTarget(text: string): readonly [name: string, place: string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** Throws OperatorError for what is no URL, or none that one of our exporters goes to. */
export function urlOf(name: string, place: string, option: string): URL {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) {
    throw new OperatorError(`${option}: a target is NAME=URL, with http:// or https:// before it, or NAME=file:FOLDER, ${EXAMPLE}`)
  }
  if (!URL.canParse(place)) throw new OperatorError(`${option}: no URL; one is https://HOST:PORT`)
  const url = new URL(place)
  const isOurs = EXPORTER_NAMES.includes(name)
  if (isOurs && url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OperatorError(`${option}: ${url.protocol}// is unknown; a target is NAME=http://…, NAME=https://… or NAME=file:FOLDER`)
  }
  return url
}

/** What an exporter's module is called with. */
export function wiringOf(wiring: Pick<Wiring, 'vendors' | 'live' | 'flows'>, url: URL | undefined): Wiring {
  return {
    ...wiring,
    environment: process.env,
    async readFile(path) {
      try {
        return await readFile(fromCaller(path))
      } catch (error) {
        throw new OperatorError(`cannot read ${path}: ${messageOf(error)}`)
      }
    },
    ...(url === undefined ? {} : { url }),
  }
}

function outletOf(
  { folder, option }: Target,
  way: Way,
  { kinds, name }: { readonly kinds: readonly RecordKind[]; readonly name: string },
  { queueBytes, drain, retryFor }: TargetOptions,
  { canWait, deadLetters }: Occasion,
): Outlet {
  const common = {
    name,
    kinds: kinds.filter((kind) => way.accepts.includes(kind)),
    full: canWait ? 'wait' : 'drop',
    drainMs: drain * MILLISECONDS,
  } as const
  if (isSink(way)) return new SinkOutlet(way, common)
  const delivery: DeliveryOptions = { ...common, deadLetters, queueBytes, retryForMs: retryFor * MILLISECONDS }
  if (folder !== undefined)
    return new ExporterOutlet(fileExporter(way, folder), { ...delivery, full: 'wait', queueBytes: FILE_QUEUE_BYTES })
  if (isExporter(way)) return new ExporterOutlet(way, delivery)
  throw new OperatorError(`${option}: ${way.name} goes to files only`)
}

/** Two targets that write the same file would write into each other. */
function checkFiles(targets: readonly Target[]): void {
  const paths = targets.flatMap(({ folder, ways }) =>
    folder === undefined ? [] : ways.flatMap((way) => ('fileName' in way ? [join(realFolder(folder), way.fileName)] : [])),
  )
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new OperatorError(`--to: ${twice} would be written twice; give one of the targets another folder`)
}

/** Where a folder lies, whatever links lead there; what is not there yet will lie in the nearest one that is. */
function realFolder(path: string): string {
  const whole = resolve(path)
  if (existsSync(whole)) return realpathSync(whole)
  return dirname(whole) === whole ? whole : join(realFolder(dirname(whole)), basename(whole))
}
