import { type Impairments, impairmentsOf } from './impairment.ts'
import { LINK_TYPES } from './pcap.ts'

/** 2025-01-01T09:00:00Z, a Wednesday morning. */
const DEFAULT_START_SECONDS = 1_735_722_000
const DEFAULT_RATE = 20_000
const LARGEST_RATE = 2_000_000
const LARGEST_SECONDS = 0xffff_ffff

export interface GenerateOptions {
  /** A whole number from 0 to 2^53 - 1. The same seed and options give the same bytes. */
  readonly seed: number
  /** How many packets the capture has, 1 or more. */
  readonly packets: number
  /** `raw`: packets begin with their IP header; `ethernet` if not given. */
  readonly link?: 'ethernet' | 'raw'
  /** Seconds since 1970 at which the capture begins, a whole number; 2025-01-01T09:00:00Z if not given. The load follows the time of day. */
  readonly startSeconds?: number
  /** Packets per second of the capture's own time, on average over a day; 20,000 if not given. */
  readonly rate?: number
  /** Rates from 0 to 1 of what is to go wrong; nothing if not given. */
  readonly impair?: Partial<Impairments>
}

export interface Settings {
  readonly seed: number
  readonly packets: number
  readonly link: 'ethernet' | 'raw'
  readonly startSeconds: number
  readonly rate: number
  readonly impairments: Impairments
}

/** Throws RangeError on what cannot be, naming the option. */
export function settingsOf(options: GenerateOptions): Settings {
  const { seed, packets, link = 'ethernet', startSeconds = DEFAULT_START_SECONDS, rate = DEFAULT_RATE, impair = {} } = options
  whole('seed', seed, 0, Number.MAX_SAFE_INTEGER)
  whole('packets', packets, 1, Number.MAX_SAFE_INTEGER)
  whole('startSeconds', startSeconds, 0, LARGEST_SECONDS)
  if (!(rate > 0 && rate <= LARGEST_RATE))
    throw new RangeError(`rate: ${rate} is not a number of packets per second above 0, up to ${LARGEST_RATE}`)
  if (LINK_TYPES[link] === undefined) throw new RangeError(`link: '${link}' is none of ${Object.keys(LINK_TYPES).join(', ')}`)
  return { seed, packets, link, startSeconds, rate, impairments: impairmentsOf(impair) }
}

function whole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${name}: ${value} is not a whole number from ${least} to ${most}`)
}
