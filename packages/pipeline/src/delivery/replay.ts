import type { OutletAccount } from './account.ts'
import { readDeadLetters, type UnreadableLetter } from './dead-letter-reader.ts'
import type { ExporterOutlet } from './exporter-outlet.ts'

/** Which dead letters are to be sent again, and by what. */
export interface ReplayJob {
  /** A file that DeadLetters wrote. It is left as it is. */
  readonly path: string
  /** Gets the letters of the outlet of its name. What fails again goes to its own `deadLetters`. */
  readonly outlet: ExporterOutlet
  /** Ends the reading; what was read is still sent. */
  readonly signal?: AbortSignal | undefined
  /** Ends the sending soon: the rest is dropped. */
  readonly hurry?: AbortSignal | undefined
}

export interface Replayed {
  /** The records count as recovered. */
  readonly account: OutletAccount
  /** Letters of other outlets by their names: left alone. */
  readonly others: Readonly<Record<string, number>>
  readonly unreadable: readonly UnreadableLetter[]
  /** Whether the signal ended the reading. */
  readonly interrupted: boolean
}

/** Sends dead letters again. Rejects with StartError if the outlet cannot start, and if the file cannot be read. */
export async function replay({ path, outlet, signal, hurry }: ReplayJob): Promise<Replayed> {
  const others = new Map<string, number>()
  const unreadable: UnreadableLetter[] = []
  try {
    await outlet.start(signal)
    for await (const letter of readDeadLetters(path)) {
      if (signal?.aborted) break
      if ('unreadable' in letter) {
        unreadable.push(letter)
      } else if (letter.outlet === outlet.name) {
        outlet.offerEncoded(letter)
        await outlet.settle()
      } else {
        others.set(letter.outlet, (others.get(letter.outlet) ?? 0) + 1)
      }
    }
  } finally {
    await outlet.close(hurry)
  }
  return { account: outlet.account(), others: Object.fromEntries(others), unreadable, interrupted: signal?.aborted ?? false }
}
