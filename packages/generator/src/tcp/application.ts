import { ACTS, type Events } from '../events.ts'
import { FINISHED, type Flows, MOST_FLOWS, RESET } from '../flows.ts'
import type { Random } from '../random.ts'
import { CLOSED, type Connections, ESTABLISHED } from './connections.ts'
import type { Sender } from './sender.ts'

// What the two programs at the ends are about to do.
const CONNECTING = 0
const ASKING = 1
const ANSWERING = 2
const READING = 3
const PAUSING = 4
const LEAVING = 5
const LEFT = 6

const PROBE_EVERY_NS = 1_000_000_000
const LEAST_STALL_NS = 250_000_000
const MOST_STALL_NS = 1_500_000_000

/** How a connection is used: what is drawn for it at its start. */
export interface Script {
  readonly exchanges: number
  /** Bytes of each request and response. */
  readonly request: number
  readonly response: number
  /** Of the server before a response and of the client before the next request, in ns. */
  readonly serverThinks: number
  readonly clientThinks: number
  readonly closesFirst: 'client' | 'server'
  readonly aborts: boolean
  /** The server's port is closed. */
  readonly isRefused: boolean
  /** The client wants to know whether the port is open, and no more. */
  readonly isProbe: boolean
  /** Probes while nobody speaks. */
  readonly probes: number
  /** How many bytes the client reads before it stops for a while; 0: it does not stop. */
  readonly stallsAfter: number
}

/** The programs at both ends of TCP connections: requests and responses in turn, pauses, and how it ends. */
export class Application {
  readonly #exchanges = new Int32Array(MOST_FLOWS)
  readonly #request = new Int32Array(MOST_FLOWS)
  readonly #response = new Int32Array(MOST_FLOWS)
  readonly #serverThinks = new Float64Array(MOST_FLOWS)
  readonly #clientThinks = new Float64Array(MOST_FLOWS)
  readonly #phase = new Uint8Array(MOST_FLOWS)
  readonly #serverClosesFirst = new Uint8Array(MOST_FLOWS)
  readonly #aborts = new Uint8Array(MOST_FLOWS)
  readonly #isRefused = new Uint8Array(MOST_FLOWS)
  readonly #isProbe = new Uint8Array(MOST_FLOWS)
  readonly #probes = new Uint8Array(MOST_FLOWS)
  readonly #stallAt = new Int32Array(MOST_FLOWS)
  readonly #events: Events
  readonly #flows: Flows
  readonly #connections: Connections
  readonly #sender: Sender
  readonly #random: Random

  constructor(events: Events, flows: Flows, connections: Connections, sender: Sender, random: Random) {
    this.#events = events
    this.#flows = flows
    this.#connections = connections
    this.#sender = sender
    this.#random = random
  }

  begin(flow: number, script: Script): void {
    this.#exchanges[flow] = script.exchanges
    this.#request[flow] = script.request
    this.#response[flow] = script.response
    this.#serverThinks[flow] = script.serverThinks
    this.#clientThinks[flow] = script.clientThinks
    this.#phase[flow] = CONNECTING
    this.#serverClosesFirst[flow] = script.closesFirst === 'server' ? 1 : 0
    this.#aborts[flow] = script.aborts ? 1 : 0
    this.#isRefused[flow] = script.isRefused ? 1 : 0
    this.#isProbe[flow] = script.isProbe ? 1 : 0
    this.#probes[flow] = script.probes
    this.#stallAt[flow] = script.stallsAfter
  }

  /** Whether the server's port is closed. */
  refuses(flow: number): boolean {
    if (this.#isRefused[flow] === 0) return false
    this.#flows.ending[flow] = RESET
    return true
  }

  /** The client's connection stands. */
  connected(end: number): void {
    const flow = end >> 1
    if (this.#isProbe[flow] === 1) {
      this.#flows.ending[flow] = RESET
      this.#sender.abort(end)
      return
    }
    this.#sender.acknowledge(end)
    this.#ask(flow)
  }

  /** Bytes came, or the other end's last word. */
  progress(end: number): void {
    const flow = end >> 1
    const c = this.#connections
    if ((end & 1) === 1) {
      if (this.#phase[flow] === ASKING && c.received[end]! >= c.written[end ^ 1]!) this.#wait(flow, 1, ANSWERING, this.#serverThinks[flow]!)
    } else {
      this.#stall(flow, end)
      if (this.#phase[flow] === READING && c.isStalled[end] === 0 && c.received[end]! >= c.written[end ^ 1]!) this.#responded(flow)
    }
    if (c.lastNumber[end]! > 0 && c.received[end]! > c.lastNumber[end]! && c.isClosing[end] === 0) {
      c.isClosing[end] = 1
    }
    // What counts beyond the last byte is the FIN.
    if (c.unacknowledged[end]! > c.written[end]! && c.unacknowledged[end ^ 1]! > c.written[end ^ 1]!) this.#flows.ending[flow] = FINISHED
  }

  /** The time has come for what the event's flow waits for. */
  act(flow: number, side: number): void {
    const c = this.#connections
    const end = flow * 2 + side
    if (c.state[end] === CLOSED) return
    if (side === 0 && c.isStalled[end] === 1) this.#goOn(end)
    else if (this.#phase[flow] === ANSWERING) this.#answer(flow)
    else if (this.#phase[flow] === PAUSING) this.#pause(flow, end)
    else if (this.#phase[flow] === LEAVING) this.#leave(flow, end)
  }

  #ask(flow: number): void {
    const end = flow * 2
    this.#phase[flow] = ASKING
    this.#exchanges[flow]! -= 1
    this.#connections.written[end]! += this.#request[flow]!
    this.#sender.pump(end)
  }

  #answer(flow: number): void {
    const end = flow * 2 + 1
    this.#phase[flow] = READING
    this.#connections.written[end]! += this.#response[flow]!
    if (this.#serverClosesFirst[flow] === 1 && this.#exchanges[flow] === 0) {
      this.#connections.isClosing[end] = 1
      this.#phase[flow] = LEFT
    }
    this.#sender.pump(end)
  }

  #responded(flow: number): void {
    if (this.#exchanges[flow]! > 0) this.#wait(flow, 0, PAUSING, this.#probes[flow]! > 0 ? PROBE_EVERY_NS : this.#clientThinks[flow]!)
    else this.#wait(flow, 0, LEAVING, this.#clientThinks[flow]! / 8)
  }

  #pause(flow: number, end: number): void {
    if (this.#probes[flow] === 0) {
      this.#ask(flow)
      return
    }
    this.#probes[flow]! -= 1
    this.#sender.keepAlive(end)
    this.#wait(flow, 0, PAUSING, PROBE_EVERY_NS)
  }

  #leave(flow: number, end: number): void {
    this.#phase[flow] = LEFT
    if (this.#aborts[flow] === 1) {
      this.#flows.ending[flow] = RESET
      this.#sender.abort(end)
      return
    }
    this.#connections.isClosing[end] = 1
    this.#sender.pump(end)
  }

  #stall(flow: number, end: number): void {
    const c = this.#connections
    if (this.#stallAt[flow] === 0 || c.received[end]! < this.#stallAt[flow]!) return
    this.#stallAt[flow] = 0
    c.isStalled[end] = 1
    c.read[end] = c.received[end]!
    this.#later(flow, 0, this.#random.between(LEAST_STALL_NS, MOST_STALL_NS))
  }

  /** The client reads again, and says so if its window was closed or nearly so. */
  #goOn(end: number): void {
    const c = this.#connections
    c.isStalled[end] = 0
    if (c.state[end] === ESTABLISHED) this.#sender.acknowledge(end)
    this.progress(end)
    this.#sender.pump(end)
  }

  #wait(flow: number, side: number, phase: number, time: number): void {
    this.#phase[flow] = phase
    this.#later(flow, side, time)
  }

  #later(flow: number, side: number, time: number): void {
    const event = this.#events.add(ACTS, flow, side)
    this.#flows.pending[flow]! += 1
    this.#events.schedule(event, this.#events.now + Math.floor(time))
  }
}
