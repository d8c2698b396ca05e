import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import type { FrameBatch, FrameSource } from '@geneve-telemetry/core/wire'
import { CaptureAccessError } from './error.ts'
import { DEFAULT_CHUNK_BYTES } from './options.ts'
import { runOrigin } from './origin.ts'
import { type Endpoint, SocketBytes } from './socket-bytes.ts'
import { kernelDrops } from './socket-drops.ts'

const GENEVE_PORT = 6081
const MOST_PORT = 65_535

export interface ListenOptions {
  /** The UDP port, 0 to 65,535; 0 is any that is free. Default 6081. */
  readonly port?: number
  /** The IPv4 or IPv6 address of this machine; `0.0.0.0` for all IPv4, `::` for all of both versions. Default `0.0.0.0`. */
  readonly address?: string
  /** What the kernel may keep until it is read, in bytes. It gives no more than its own limit (Linux: net.core.rmem_max). Default: the kernel's. */
  readonly receiveBufferBytes?: number
  /** What time it is, in milliseconds since 1970, for the time at which a datagram came: `Date.now`. */
  readonly clock: () => number
  /** Ends the source; what had arrived is handed out. */
  readonly signal?: AbortSignal
}

/** The datagrams that come to a UDP socket, as frames. It can be iterated once; leaving the loop early closes the socket. */
export interface UdpSource extends FrameSource {
  /** What the socket is bound to. */
  readonly local: Endpoint
  /** What the kernel really keeps, in bytes; on Linux that counts its own overhead, too. */
  readonly receiveBufferBytes: number
  /** Datagrams that came and were not read, because the kernel's buffer or this source's own was full. Complete once iterated; the kernel's share is known on Linux. */
  readonly dropped: number
}

/**
 * Listens at a UDP port: from when this resolves, what comes is kept. Rejects with CaptureAccessError where the system does not let it, throws RangeError on an option that cannot be.
 *
 * Frames are raw IP (LINKTYPE_RAW) with IP and UDP headers rebuilt from what a socket tells: payload, sender, port. Time to live, which it does not tell, is 0.
 */
export async function listenUdp(options: ListenOptions): Promise<UdpSource> {
  const { port = GENEVE_PORT, address = '0.0.0.0', receiveBufferBytes } = options
  if (!(Number.isInteger(port) && port >= 0 && port <= MOST_PORT))
    throw new RangeError(`port: ${port} is not a whole number from 0 to ${MOST_PORT}`)
  const socket = createSocket({
    type: isIPv6(address) ? 'udp6' : 'udp4',
    ...(receiveBufferBytes !== undefined && { recvBufferSize: receiveBufferBytes }),
  })
  try {
    socket.bind(port, address)
    await once(socket, 'listening')
  } catch (cause) {
    socket.close()
    throw new CaptureAccessError(`cannot listen at UDP port ${port} of ${address}: ${explanation(cause)}`, { cause })
  }
  return new ListeningSocket(socket, options)
}

function explanation(cause: unknown): string {
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return 'another socket has it; end that program, or choose another port or address'
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address; choose one of its own, or 0.0.0.0 or :: for all'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not; choose a port from 1024 up, or run as a user who may'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no such name; give an address of this machine'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** Not a generator: one that waits for its next datagram could not be left. */
class ListeningSocket implements UdpSource, AsyncIterator<FrameBatch, undefined> {
  readonly origin: string = runOrigin()
  readonly damage: undefined = undefined
  readonly bytesTotal: undefined = undefined
  readonly local: Endpoint
  readonly receiveBufferBytes: number
  bytesRead = 0
  dropped = 0
  readonly #socket: Socket
  readonly #clock: () => number
  readonly #signal: AbortSignal | undefined
  /** One is filled while the other is with whoever iterates. */
  #filling: SocketBytes
  #given: SocketBytes
  #ended = false
  #failure: CaptureAccessError | undefined
  /** Ends the wait for datagrams, while there is one. */
  #stopWaiting: (() => void) | undefined
  readonly #end = (): void => this.#close()

  constructor(socket: Socket, { clock, signal }: ListenOptions) {
    const { address, port } = socket.address()
    this.local = { address, port }
    this.receiveBufferBytes = socket.getRecvBufferSize()
    this.#socket = socket
    this.#clock = clock
    this.#signal = signal
    this.#filling = new SocketBytes(DEFAULT_CHUNK_BYTES, this.local)
    this.#given = new SocketBytes(DEFAULT_CHUNK_BYTES, this.local)
    socket.on('message', (payload, from) => this.#take(payload, from))
    socket.on('error', (cause) => {
      this.#failure = new CaptureAccessError(`UDP port ${port} broke off: ${cause.message}`, { cause })
      this.#close()
    })
    signal?.addEventListener('abort', this.#end)
    if (signal?.aborted) this.#close()
  }

  [Symbol.asyncIterator](): AsyncIterator<FrameBatch, undefined> {
    return this
  }

  /** All that came since the last batch, at least one datagram. */
  async next(): Promise<IteratorResult<FrameBatch, undefined>> {
    if (this.#filling.columns.count === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#stopWaiting = resolve
      })
    }
    const batch = this.#filling
    if (batch.columns.count === 0) {
      if (this.#failure !== undefined) throw this.#failure
      return END
    }
    this.#filling = this.#given
    this.#given = batch
    this.#filling.restart(batch.columns)
    return { done: false, value: batch.columns }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#close()
    return END
  }

  #take(payload: Uint8Array, from: RemoteInfo): void {
    this.bytesRead += payload.byteLength
    if (!this.#filling.add(payload, from, this.#clock())) this.dropped++
    if (this.#stopWaiting === undefined) return
    // Behind all datagrams that are there by now, so that one batch has them together.
    setImmediate(this.#stopWaiting)
    this.#stopWaiting = undefined
  }

  #close(): void {
    if (this.#ended) return
    this.#ended = true
    this.#signal?.removeEventListener('abort', this.#end)
    this.dropped += kernelDrops(this.local.port) ?? 0
    this.#socket.close()
    this.#stopWaiting?.()
    this.#stopWaiting = undefined
  }
}
