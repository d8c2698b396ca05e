import type { DecodedPacket, Instant } from '@geneve-telemetry/core'
import { instantText } from '@geneve-telemetry/core'
import { isIp } from './ip.ts'
import { flat, quote } from './json.ts'

type Header = NonNullable<DecodedPacket['geneve']>

/** What documents say of an address: members of an object that is left open. */
export interface AddressPhrases {
  /** With `address`, and `ip` if it is one. A bad `ip` would cost the whole document. */
  readonly source: string
  readonly destination: string
  /** For the ends of a tunnel, with `ip`, or `address` if it is none. */
  readonly tunnelSource: string
  readonly tunnelDestination: string
  /** As element of `related.ip`; '' if it is none. */
  readonly related: string
}

const MOST_ADDRESSES = 4096
const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))

/**
 * Texts that come again from record to record, made once; the long ones in one piece, since V8 keeps a text that was put together as the tree of its pieces
 * and walks it whenever it is used. It changes no answer and is bounded.
 */
export class Phrases {
  readonly #addresses = new Map<string, AddressPhrases>()
  // Packets with the same GENEVE header share the description of it (PacketDescriber), which lives as long as they do.
  readonly #headers = new WeakMap<Header, string>()
  #observer: string | undefined
  #head = ''
  #seconds = Number.NaN
  #second = ''

  address(address: string): AddressPhrases {
    let phrases = this.#addresses.get(address)
    if (phrases === undefined) {
      phrases = addressPhrases(address)
      if (this.#addresses.size >= MOST_ADDRESSES) this.#addresses.clear()
      this.#addresses.set(address, phrases)
    }
    return phrases
  }

  header(header: Header, write: (header: Header) => string): string {
    let text = this.#headers.get(header)
    if (text === undefined) {
      text = flat(write(header))
      this.#headers.set(header, text)
    }
    return text
  }

  /** What `write` says of an observer. */
  head(observer: string, write: (observer: string) => string): string {
    if (observer !== this.#observer) {
      this.#observer = observer
      this.#head = flat(write(observer))
    }
    return this.#head
  }

  /** As `instantText`. */
  time(instant: Instant): string | undefined {
    const { seconds, nanos } = instant
    if (seconds !== this.#seconds) {
      const text = instantText({ seconds, nanos: 0 })
      if (text === undefined) return undefined
      this.#seconds = seconds
      this.#second = flat(text.slice(0, -'000000000Z'.length))
    }
    if (!Number.isInteger(nanos) || nanos < 0 || nanos >= 1e9) return undefined
    const fraction = `${THREE_DIGITS[Math.floor(nanos / 1e6)]}${THREE_DIGITS[Math.floor(nanos / 1e3) % 1000]}${THREE_DIGITS[nanos % 1000]}Z`
    return this.#second + fraction
  }
}

function addressPhrases(address: string): AddressPhrases {
  const quoted = quote(address)
  const ip = isIp(address)
  const both = ip ? `"address":${quoted},"ip":${quoted}` : `"address":${quoted}`
  const one = ip ? `"ip":${quoted}` : both
  return {
    source: `"source":{${both}`,
    destination: `"destination":{${both}`,
    tunnelSource: `"source":{${one}`,
    tunnelDestination: `"destination":{${one}`,
    related: ip ? quoted : '',
  }
}
