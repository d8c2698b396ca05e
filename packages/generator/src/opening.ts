import type { Datagrams } from './datagrams.ts'
import { RULES, ruleFor } from './firewall.ts'
import { DENIED, type Flows } from './flows.ts'
import type { Ledger } from './ledger.ts'
import type { Random } from './random.ts'
import type { Application, Script } from './tcp/application.ts'
import { CLOSED, type Connections, LISTENING } from './tcp/connections.ts'
import type { Sender } from './tcp/sender.ts'
import type { Templates } from './templates.ts'
import type { Telling } from './told/telling.ts'

const FIRST_OUTER_PORT = 60_000
const OUTER_PORTS = 4_096
const NOTHING = new Uint8Array(0)
/** One flow of so many carries a telemetry record. */
const CARRIES_IN = 50

/** Where a host is, seen from the tap. */
export interface Host {
  readonly address: number
  /** To the tap, in ns. */
  readonly oneWay: number
  readonly timeToLive: number
  /** Of the slowest link on its way. */
  readonly nsPerByte: number
  /** Largest TCP segment that it takes, in bytes. */
  readonly segmentSize: number
}

/** A flow that is about to begin. */
export interface Opening {
  readonly vpc: number
  readonly version: 4 | 6
  readonly protocol: number
  readonly client: Host
  readonly server: Host
  readonly clientPort: number
  readonly serverPort: number
  readonly incident?: number
  readonly reuseOf?: number
}

/** What a TCP connection is made of beside its hosts. */
export interface Connecting extends Script {
  readonly clientContent: number
  readonly serverContent: number
  readonly hasTimestamps: boolean
  /** Bytes of the receive buffers, and by how many bits the windows are shifted. */
  readonly clientBuffer: number
  readonly serverBuffer: number
  readonly windowShift: number
  /** Whether the two ends' numbers begin just below 2^32. */
  readonly clientWraps: boolean
  readonly serverWraps: boolean
}

/** Begins flows: asks the firewall about them, makes their headers and sends their first packet. */
export class Openings {
  readonly #flows: Flows
  readonly #connections: Connections
  readonly #templates: Templates
  readonly #sender: Sender
  readonly #application: Application
  readonly #datagrams: Datagrams
  readonly #telling: Telling
  readonly #ledger: Ledger
  readonly #random: Random

  constructor(
    parts: {
      flows: Flows
      connections: Connections
      templates: Templates
      sender: Sender
      application: Application
      datagrams: Datagrams
      telling: Telling
      ledger: Ledger
    },
    random: Random,
  ) {
    this.#flows = parts.flows
    this.#connections = parts.connections
    this.#templates = parts.templates
    this.#sender = parts.sender
    this.#application = parts.application
    this.#datagrams = parts.datagrams
    this.#telling = parts.telling
    this.#ledger = parts.ledger
    this.#random = random
  }

  /** A TCP connection. */
  connection(opening: Opening, connecting: Connecting): void {
    const flow = this.#open(opening)
    if (flow < 0) return
    this.#connect(flow, opening, connecting)
    this.#application.begin(flow, connecting)
    this.#sender.connect(flow * 2)
  }

  /** A SYN of somebody who is not there: whatever is answered leads nowhere, and the server keeps no state of it (SYN cookies). */
  spoofed(opening: Opening, connecting: Connecting): void {
    const flow = this.#open(opening)
    if (flow < 0) return
    this.#connect(flow, opening, connecting)
    this.#application.begin(flow, connecting)
    this.#sender.pretend(flow * 2)
  }

  /** Questions and answers without a connection; the rest as `Datagrams.begin` has it. */
  datagrams(opening: Opening, questions: number, everyNs: number, about: number): void {
    const flow = this.#open(opening)
    if (flow >= 0) this.#datagrams.begin(flow, questions, everyNs, about)
  }

  #open({ vpc, version, protocol, client, server, clientPort, serverPort, incident = 0, reuseOf = 0 }: Opening): number {
    const flows = this.#flows
    if (flows.isFull) return -1
    const flow = flows.open()
    flows.vpc[flow] = vpc
    flows.version[flow] = version
    flows.protocol[flow] = protocol
    flows.incident[flow] = incident
    flows.reuseOf[flow] = reuseOf
    flows.cookie[flow] = this.#random.word()
    flows.outerPort[flow] = FIRST_OUTER_PORT + this.#random.below(OUTER_PORTS)
    for (const [side, host, port] of [[0, client, clientPort] as const, [1, server, serverPort] as const]) {
      const end = flow * 2 + side
      flows.address[end] = host.address
      flows.port[end] = port
      flows.oneWay[end] = host.oneWay
      flows.timeToLive[end] = host.timeToLive
      flows.nsPerByte[end] = host.nsPerByte
      flows.identification[end] = this.#random.word()
    }
    const rule = ruleFor(version, protocol, client.address, server.address, serverPort)
    flows.rule[flow] = rule
    flows.isDenied[flow] = RULES[rule]!.action === 'deny' ? 1 : 0
    if (flows.isDenied[flow] === 1) flows.ending[flow] = DENIED
    const record = incident === 0 && this.#random.below(CARRIES_IN) === 0 ? this.#telling.attached(vpc) : undefined
    this.#ledger.carries(flow, record)
    this.#templates.prepare(flow, record?.options ?? NOTHING)
    return flow
  }

  #connect(flow: number, { client, server }: Opening, connecting: Connecting): void {
    const c = this.#connections
    const { content } = this.#flows
    c.hasTimestamps[flow] = connecting.hasTimestamps ? 1 : 0
    for (const end of [flow * 2, flow * 2 + 1]) {
      const isServer = (end & 1) === 1
      c.segmentSize[end] = (isServer ? server : client).segmentSize
      c.windowShift[end] = connecting.windowShift
      c.clockOffset[end] = this.#random.word()
      c.first[end] = (isServer ? connecting.serverWraps : connecting.clientWraps) ? -this.#random.between(1, 4_000) : this.#random.word()
      c.buffer[end] = isServer ? connecting.serverBuffer : connecting.clientBuffer
      content[end] = isServer ? connecting.serverContent : connecting.clientContent
      c.state[end] = isServer ? LISTENING : CLOSED
      c.reset(end)
    }
  }
}
