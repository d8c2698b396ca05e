import { addressBytes, IPV4_LENGTH, IPV6_LENGTH, UDP_LENGTH, writeIpv4, writeIpv6, writeUdp } from '@geneve-telemetry/core/encode'
import { DIRECTION_INBOUND, type FrameBatch } from '@geneve-telemetry/core/wire'
import { FrameColumns } from './columns.ts'

const RAW_IP_LINK = 101
const UDP = 17
const MOST_HEADER_BYTES = IPV6_LENGTH + UDP_LENGTH
/** A socket does not tell it. */
const UNKNOWN_TIME_TO_LIVE = 0
/** How Node writes the address of an IPv4 sender at a socket for both versions. */
const MAPPED = '::ffff:'

/** One end of a datagram. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/**
 * The datagrams that came between two looks at a socket, copied one behind the other. A socket gives the payload and who sent it, and what reads frames begins at IP:
 * so IP and UDP headers are rebuilt before each of them, with all that is known. Time to live is 0, there is no UDP checksum.
 */
export class SocketBytes {
  readonly columns: FrameColumns
  readonly #bytes: Uint8Array
  readonly #to: Endpoint
  #end = 0
  /** Datagrams of one sender often come in a row. */
  #from: Endpoint = { address: '', port: 0 }
  #source: Uint8Array = new Uint8Array(0)
  #destination: Uint8Array = new Uint8Array(0)

  /** `to` is what the socket is bound to: where that is all addresses, nobody tells to which one a datagram came. */
  constructor(chunkBytes: number, to: Endpoint) {
    this.#bytes = new Uint8Array(chunkBytes)
    this.columns = new FrameColumns(new DataView(this.#bytes.buffer))
    this.#to = to
  }

  /** Copies a datagram that came at that time, in milliseconds since 1970. Returns false where it has no place any more. */
  add(payload: Uint8Array, from: Endpoint, timeMs: number): boolean {
    const { columns } = this
    if (columns.isFull || this.#end + MOST_HEADER_BYTES + payload.byteLength > this.#bytes.byteLength) return false
    const start = this.#end
    const at = this.#writeHeaders(payload.byteLength, from)
    this.#bytes.set(payload, at)
    this.#end = at + payload.byteLength
    const length = this.#end - start
    const row = columns.add(start, length, length, 0, RAW_IP_LINK, DIRECTION_INBOUND)
    columns.seconds[row] = Math.floor(timeMs / 1_000)
    columns.nanos[row] = Math.round((timeMs % 1_000) * 1e6) % 1e9
    return true
  }

  /** Begins again, behind the frames of another batch. */
  restart({ firstFrame, count }: FrameBatch): void {
    this.columns.restart(this.columns.view)
    this.columns.firstFrame = firstFrame + count
    this.#end = 0
  }

  #writeHeaders(payloadLength: number, from: Endpoint): number {
    if (from.address !== this.#from.address) this.#know(from)
    const { view } = this.columns
    const udpLength = UDP_LENGTH + payloadLength
    const source = this.#source
    const at =
      source.byteLength === IPV4_BYTES
        ? writeIpv4(view, this.#end, IPV4_LENGTH + udpLength, 0, UNKNOWN_TIME_TO_LIVE, UDP, wordOf(source), wordOf(this.#destination))
        : writeIpv6(view, this.#end, udpLength, UDP, UNKNOWN_TIME_TO_LIVE, source, this.#destination)
    return writeUdp(view, at, from.port, this.#to.port, udpLength)
  }

  #know(from: Endpoint): void {
    this.#from = from
    this.#source = addressBytes('address', plain(from.address))
    const destination = addressBytes('address', plain(this.#to.address))
    // Bound to all addresses of both versions, and here came IPv4.
    this.#destination = destination.byteLength === this.#source.byteLength ? destination : new Uint8Array(this.#source.byteLength)
  }
}

const IPV4_BYTES = 4

/** Without the zone of a link-local address, and IPv4 as itself. */
function plain(address: string): string {
  const [text = ''] = address.split('%')
  return text.startsWith(MAPPED) && text.includes('.') ? text.slice(MAPPED.length) : text
}

function wordOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}
