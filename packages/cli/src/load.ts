import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Exporter, Format, Sink, Vendor, Way, Wiring } from '@geneve-telemetry/core'
import { messageOf, OperatorError } from './exit.ts'

/** The exporters that come with the program, by the names they have on the command line. */
const OURS: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {
  otlp: () => import('@geneve-telemetry/exporter-opentelemetry'),
  elasticsearch: () => import('@geneve-telemetry/exporter-elasticsearch'),
  opensearch: () => import('@geneve-telemetry/exporter-elasticsearch/opensearch'),
  influxdb: () => import('@geneve-telemetry/exporter-influxdb'),
}

export const EXPORTER_NAMES: readonly string[] = Object.keys(OURS)

/** The ways that a module's default export makes, a `Wire`. `name` is one of ours, a package, or a path from `folder`. `option` is what was typed, for messages. */
export async function loadWays(name: string, folder: string, wiring: Wiring, option: string): Promise<readonly Way[]> {
  const wire = Object.hasOwn(OURS, name) ? (await OURS[name]!()).default : await defaultExport('--to', name, folder, unknownExporter)
  if (typeof wire !== 'function')
    throw new OperatorError(`${option}: its default export is no function (wiring) => Format | Exporter | Sink`)
  let made: unknown
  try {
    made = await wire(wiring)
  } catch (error) {
    throw new OperatorError(`${option}: ${messageOf(error)}`)
  }
  const ways: readonly unknown[] = Array.isArray(made) ? made : [made]
  if (ways.length > 0 && ways.every((way) => isFormat(way) || isSink(way))) return ways as readonly Way[]
  throw new OperatorError(
    `${option}: what its default export makes is no Format, Exporter or Sink: see testFormat and testExporter in @geneve-telemetry/core/testing`,
  )
}

export function isExporter(way: Way): way is Exporter {
  return 'send' in way && typeof way.send === 'function'
}

export function isSink(way: unknown): way is Sink {
  return hasAll(way, { name: 'string', accepts: 'object', take: 'function', push: 'function' })
}

/** The vendor's table that is a module's default export. */
export async function loadVendor(name: string, folder: string): Promise<Vendor> {
  const vendor = await defaultExport('--vendor', name, folder, unknownVendor)
  if (!isVendor(vendor))
    throw new OperatorError(
      `--vendor ${name}: its default export is no Vendor { name, options }: see testVendor in @geneve-telemetry/core/testing`,
    )
  return vendor
}

async function defaultExport(option: string, name: string, folder: string, unknown: (name: string) => string): Promise<unknown> {
  const location = locate(name, folder)
  if (location === undefined) throw new OperatorError(unknown(name))
  try {
    return ((await import(location)) as { readonly default?: unknown }).default
  } catch (error) {
    throw new OperatorError(`${option} ${name}: cannot be loaded: ${messageOf(error)}`)
  }
}

/** A path goes from the folder in which the command was typed. A package is first looked for there: its user installed it. Then among those of this program. */
function locate(name: string, folder: string): string | undefined {
  if (name.startsWith('.') || isAbsolute(name))
    return existsSync(resolve(folder, name)) ? pathToFileURL(resolve(folder, name)).href : undefined
  const installed = (): string => pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href
  for (const find of [installed, () => import.meta.resolve(name)]) {
    try {
      return find()
    } catch {}
  }
  return undefined
}

function unknownExporter(name: string): string {
  return `--to: there is no exporter '${name}'; take one of ${EXPORTER_NAMES.join(', ')}, or a module of yours: ./my-exporter.js, or a package that is installed here`
}

function unknownVendor(name: string): string {
  return `--vendor: there is no module '${name}'; give a path that begins with ./ or a package that is installed here`
}

function isFormat(value: unknown): value is Format {
  return hasAll(value, { name: 'string', accepts: 'object', limits: 'object', fileName: 'string', encode: 'function', body: 'function' })
}

function isVendor(value: unknown): value is Vendor {
  return hasAll(value, { name: 'string', options: 'object' }) && Array.isArray((value as Vendor).options)
}

function hasAll(value: unknown, members: Readonly<Record<string, string>>): boolean {
  if (typeof value !== 'object' || value === null) return false
  const found = value as Readonly<Record<string, unknown>>
  return Object.entries(members).every(([name, type]) => typeof found[name] === type)
}
