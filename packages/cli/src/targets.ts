import { join, resolve } from 'node:path'
import type { Exporter, Format, Vendor } from '@geneve-telemetry/core'
import { ExporterOutlet, fileExporter, type Outlet, type RecordKind } from '@geneve-telemetry/pipeline'
import { about, OperatorError } from './exit.ts'
import { loadFormat } from './load.ts'
import { callersFolder, fromCaller } from './place.ts'

const EXAMPLE = 'for example --to elasticsearch=file:out'
const FILE = 'file:'
/** A file takes at once what it is given: what waits longer is only in the way of what comes next. */
const FILE_QUEUE_BYTES = 2 * 1024 * 1024

/** What goes where. */
export interface TargetOptions {
  /** Each `NAME=file:DIR`, or the NAME of a module that knows its own way. */
  readonly to: readonly string[]
  /** Also packet records, to targets that take them. */
  readonly packets?: true
  /** Also flows to targets that leave them out by default. */
  readonly flows?: true
}

/** A way for records, and the file that they go to, if it is one. */
export interface Target {
  readonly outlet: Outlet
  readonly path?: string
}

/** Throws OperatorError for a target that cannot be. Nothing is opened yet. */
export async function targetsOf({ to, packets, flows }: TargetOptions, vendors: readonly Vendor[]): Promise<readonly Target[]> {
  if (to.length === 0) throw new OperatorError(`--to: at least one target is needed, ${EXAMPLE}`)
  const kinds: readonly RecordKind[] = packets ? ['packet', 'flow', 'metric'] : ['flow', 'metric']
  const targets = await Promise.all(to.map((text) => targetOf(text, kinds, { vendors, flows: flows === true })))
  const paths = targets.flatMap(({ path }) => (path === undefined ? [] : [resolve(path)]))
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new OperatorError(`--to: ${twice} would be written twice; give one of the targets another folder`)
  return targets
}

async function targetOf(
  text: string,
  kinds: readonly RecordKind[],
  options: { readonly vendors: readonly Vendor[]; readonly flows: boolean },
): Promise<Target> {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const place = at < 0 ? undefined : text.slice(at + 1)
  if (place !== undefined && !(place.startsWith(FILE) && place.length > FILE.length)) {
    throw new OperatorError(`--to ${text}: a target is NAME=file:FOLDER, ${EXAMPLE}`)
  }
  const format = await loadFormat(name, callersFolder(), options)
  const wanted = kinds.filter((kind) => format.accepts.includes(kind))
  if (place !== undefined) {
    const folder = fromCaller(place.slice(FILE.length))
    return {
      outlet: new ExporterOutlet(fileExporter(format, folder), { kinds: wanted, queueBytes: FILE_QUEUE_BYTES }),
      path: join(folder, format.fileName),
    }
  }
  if (!isExporter(format)) throw new OperatorError(`--to ${text}: where to? Write ${name}=file:FOLDER, ${EXAMPLE}`)
  return { outlet: about(`--to ${text}`, () => new ExporterOutlet(format, { kinds: wanted })) }
}

function isExporter(format: Format | Exporter): format is Exporter {
  return 'send' in format && typeof format.send === 'function'
}
