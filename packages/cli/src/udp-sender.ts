import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { DatagramReceiver } from './dry-run.ts'
import { messageOf, OperatorError } from './exit.ts'
import { counted } from './figures.ts'
import type { HostPort } from './host-port.ts'

/** So long an answer is waited for that says that nobody listens. */
const ANSWER_MS = 100

/** Sends datagrams to one place. */
export class UdpSender implements DatagramReceiver {
  readonly #socket: Socket
  #answers = 0
  #answer: unknown

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', (error) => this.#keep(error))
  }

  /** Throws OperatorError for a place that there is not. */
  static async to({ host, port }: HostPort): Promise<UdpSender> {
    let socket: Socket | undefined
    try {
      const { address, family } = await lookup(host)
      socket = createSocket(family === 6 ? 'udp6' : 'udp4')
      socket.connect(port, address)
      await once(socket, 'connect')
      return new UdpSender(socket)
    } catch (error) {
      socket?.close()
      throw new OperatorError(`--to: ${host} cannot be reached: ${messageOf(error)}`)
    }
  }

  /** What the network answered, if anything: that nobody listens there, as a rule. It does not answer to every datagram. */
  get complaint(): string | undefined {
    if (this.#answers === 0) return undefined
    const text = codeOf(this.#answer) === 'ECONNREFUSED' ? 'nobody listens there' : messageOf(this.#answer)
    return `${text} (said ${counted(this.#answers, 'time')})`
  }

  /** Resolves when the system has taken it. */
  async send(datagram: Uint8Array): Promise<void> {
    try {
      await this.#hand(datagram)
    } catch (error) {
      // That answers to an earlier one, and this one was not sent.
      if (codeOf(error) !== 'ECONNREFUSED') throw error
      this.#keep(error)
      await this.#hand(datagram)
    }
  }

  /** Waits for answers to the last ones, too. */
  async close(): Promise<void> {
    await delay(ANSWER_MS)
    this.#socket.close()
  }

  #keep(error: unknown): void {
    this.#answers++
    this.#answer = error
  }

  #hand(datagram: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(datagram, (error) => (error === null || error === undefined ? resolve() : reject(error)))
    })
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
