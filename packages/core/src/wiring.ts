import type { Exporter, Format } from './telemetry/exporter.ts'
import type { Sink } from './telemetry/sink.ts'
import type { Vendor } from './vendors/vendor.ts'

/** What a program knows as it makes an exporter: all that an operator wrote, and whose fields there are. */
export interface Wiring {
  /** Where to. Without it, a `Format` is wanted, whose requests go to a file. */
  readonly url?: URL
  /** The environment, for credentials under the names that the backend's own tools use. Only a program has one; a library passes options. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Reads a file that the operator named, for example a certificate. */
  readonly readFile: (path: string) => Promise<Uint8Array>
  /** Whose fields have their names in the records. */
  readonly vendors: readonly Vendor[]
  /** Whether flows are wanted from exporters that leave them out by default. */
  readonly flows: boolean
  /** Whether the packets' time is the present: a live source, or a capture that is shifted to now. */
  readonly live: boolean
}

/** The ways that records can go. */
export type Way = Format | Exporter | Sink

/**
 * What an exporter's module has as default export. It throws (or rejects) with a message for the operator that names what is wrong and what is allowed: an
 * option of the URL, a variable of the environment. It does not connect: `start` does.
 */
export type Wire = (wiring: Wiring) => Way | readonly Way[] | Promise<Way | readonly Way[]>
