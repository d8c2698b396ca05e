import { type DecodeOptions, printPackets } from './decode.ts'
import { Interruption } from './interruption.ts'
import { type BindOptions, dropsText, type Listening, listeningOf } from './listening.ts'
import { deliver, type RunOptions } from './run.ts'

export type ListenOptions = BindOptions &
  Omit<DecodeOptions, 'all' | 'linkType' | 'port'> &
  Omit<RunOptions, 'loop' | 'time' | 'linkType' | 'port'>

/** Receives GENEVE packets at a UDP port: prints them, or with targets does what `run` does. Returns the exit code. */
export async function listen(options: ListenOptions): Promise<number> {
  const interruption = new Interruption()
  // A socket keeps a program alive that cannot go on.
  const over = new AbortController()
  let listening: Listening | undefined
  const open = async (signal: AbortSignal): Promise<Listening> => {
    listening = await listeningOf(options, AbortSignal.any([signal, over.signal]))
    return listening
  }
  try {
    return await interruption.during(() =>
      options.to.length === 0 ? printPackets(interruption, open, options) : deliver(interruption, open, options),
    )
  } finally {
    over.abort()
    if (listening !== undefined) process.stderr.write(dropsText(listening.source))
  }
}
