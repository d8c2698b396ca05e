import { run } from '@geneve-telemetry/pipeline'
import { colorsFor } from './colors.ts'
import { OperatorError } from './exit.ts'
import type { FlowOptions } from './flow-options.ts'
import type { HostPort } from './host-port.ts'
import { Interruption } from './interruption.ts'
import { dropsText, type Listening, listeningOf } from './listening.ts'
import { report } from './outcome.ts'
import { Output } from './output.ts'
import { type Reading, type ReadOptions, type ReplayTimes, readingOf } from './reading.ts'
import { Screen } from './top/screen.ts'

export interface TopOptions extends ReadOptions, ReplayTimes, FlowOptions {
  /** Receives there instead of reading. */
  readonly bind?: HostPort
  readonly receiveBuffer: number
}

/** Shows on a terminal what comes, and has come, until somebody quits. Returns the exit code. */
export async function top(file: string | undefined, options: TopOptions): Promise<number> {
  const interruption = new Interruption()
  const output = new Output()
  const over = new AbortController()
  const signal = AbortSignal.any([interruption.signal, output.broken, over.signal])
  let listening: Listening | undefined
  try {
    return await interruption.during(async () => {
      const reading = await open(file, options, signal)
      if ('local' in reading.source) listening = reading as Listening
      const screen = new Screen(output, signal, {
        source: options.bind === undefined ? (file ?? '-') : 'listening',
        colors: colorsFor(process.stdout),
        quit: () => over.abort(),
      })
      try {
        const result = await run({
          ...reading,
          observer: '',
          signal,
          ...((reading.isPipe || options.loop) && { clock: () => performance.now() }),
          stage: (context) => screen.stage(context, reading.table, options),
        })
        await screen.ended(result.damage !== undefined || result.failure !== undefined)
        await screen.close()
        return report(result, reading.source, interruption, output)
      } finally {
        await screen.close()
      }
    })
  } finally {
    over.abort()
    if (listening !== undefined) process.stderr.write(dropsText(listening.source))
  }
}

async function open(file: string | undefined, options: TopOptions, signal: AbortSignal): Promise<Reading> {
  const { bind } = options
  if (bind === undefined) return readingOf(file, options, signal)
  if (file !== undefined || options.loop) throw new OperatorError('--bind receives packets: it takes no FILE and no --loop')
  return listeningOf({ ...options, bind }, signal)
}
