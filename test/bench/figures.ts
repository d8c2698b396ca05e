import type { ExportSpeed } from './export-race.ts'
import type { Run } from './program.ts'
import type { Nanoseconds } from './timing.ts'

export type ByCapture<T> = Readonly<Record<string, T>>

/** All that a run of the benchmark found, as `--format json` prints it. What was not asked for, or could not be had, is not there. */
export interface Figures {
  readonly machine: { readonly cpu: string; readonly cpus: number; readonly node: string; readonly platform: string }
  /** By letter. */
  readonly captures: ByCapture<{ readonly title: string; readonly packets: number }>
  /** Nanoseconds a packet of capture in memory: by row, then by capture. */
  readonly rows: Readonly<Record<string, ByCapture<Nanoseconds>>>
  /** Of whole runs of the program with the reading of the file: by program, then by capture. */
  readonly programs: Readonly<Record<string, ByCapture<Run & { readonly packetsPerSecond: number }>>>
  /** Of whole runs of TShark: by format, then by capture. */
  readonly tshark: Readonly<Record<string, ByCapture<{ readonly packetsPerSecond: number; readonly packets: number }>>>
  /** By number of units. */
  readonly memory: Readonly<Record<string, Run & { readonly packets: number }>>
  /** By backend. */
  readonly exports: Readonly<Record<string, ExportSpeed>>
  /** One collection of OpenTelemetry's metrics. */
  readonly collection?: { readonly series: number; readonly addSeconds: number; readonly collectSeconds: number }
  /** What could not be measured, and why. */
  readonly missing: readonly string[]
}
