import { Arena } from './arena.ts'
import { Content } from './content.ts'
import { Datagrams } from './datagrams.ts'
import {
  ACTS,
  ARRIVES,
  AT_TAP,
  BACK_AT_TAP,
  DELAYED_ACK,
  Events,
  LOST,
  NEXT_BULK,
  NEXT_FLOOD,
  NEXT_LOAD,
  NEXT_PROBE,
  NEXT_RECORD,
  TIMER,
} from './events.ts'
import { FINISHED, Flows, OPEN, UNANSWERED } from './flows.ts'
import { Hosts } from './hosts.ts'
import { Incidents } from './incidents.ts'
import { Ledger } from './ledger.ts'
import { Load } from './load.ts'
import { Openings } from './opening.ts'
import { type GenerateOptions, type Settings, settingsOf } from './options.ts'
import { PacketWriter } from './packet-writer.ts'
import { Path } from './path.ts'
import { fileHeader, LINK_TYPES } from './pcap.ts'
import { Random } from './random.ts'
import { Scripts } from './scripts.ts'
import { Application } from './tcp/application.ts'
import { Connections } from './tcp/connections.ts'
import { Receiver } from './tcp/receiver.ts'
import { Sender } from './tcp/sender.ts'
import { Templates } from './templates.ts'
import { Telling } from './told/telling.ts'
import type { TruthLine } from './truth.ts'
import { vpcsOf } from './world.ts'

const TCP = 6
const SECOND = 1_000_000_000
const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600
/** Packets that the tap sees of a flow that begins, on average: so many flows a second make the rate. */
const PACKETS_OF_FLOW = 19
/** Of all packets, those that are a record and nothing else. */
const TOLD_SHARE = 0.01
/** What is left of the rate beside these and incidents. */
const EVERYDAY_SHARE = 0.89
/** Load by the hour in UTC, 1 on average. */
const LOAD_BY_HOUR = [
  0.52, 0.45, 0.41, 0.4, 0.43, 0.53, 0.7, 0.92, 1.14, 1.3, 1.39, 1.43, 1.41, 1.44, 1.46, 1.44, 1.38, 1.3, 1.23, 1.17, 1.08, 0.95, 0.8, 0.72,
]
const REUSED = 0.015
const ETHERNET_LENGTH = 14

/** A piece of the capture, of the truth about it, or of both. */
export interface Generated {
  /** Bytes of the pcap file; the caller's own. */
  readonly bytes: Uint8Array
  /** Packets so far. */
  readonly packets: number
  readonly truth: readonly TruthLine[]
}

/**
 * Generates a capture and the truth about it, a piece at a time; memory does not grow with the number of packets. The truth's first line is the scenario, its last
 * the totals; a flow's line comes when the flow is over. Throws RangeError on an option that cannot be, naming it.
 */
export function generate(options: GenerateOptions): Iterable<Generated> {
  return generated(settingsOf(options))
}

function* generated(settings: Settings): Iterable<Generated> {
  const network = new Network(settings)
  yield { bytes: fileHeader(LINK_TYPES[settings.link]!), packets: 0, truth: [network.begin()] }
  while (network.work()) yield network.take()
  yield network.take()
  yield { bytes: new Uint8Array(0), packets: settings.packets, truth: network.end() }
}

/** All that happens, in the order in which it does. */
class Network {
  readonly #settings: Settings
  readonly #random: Random
  readonly #events = new Events()
  readonly #flows = new Flows()
  readonly #arena: Arena
  readonly #writer: PacketWriter
  readonly #path: Path
  readonly #sender: Sender
  readonly #receiver: Receiver
  readonly #application: Application
  readonly #datagrams: Datagrams
  readonly #load: Load
  readonly #incidents: Incidents
  readonly #connections: Connections
  readonly #ledger: Ledger
  readonly #telling: Telling
  #truth: TruthLine[] = []

  constructor(settings: Settings) {
    this.#settings = settings
    const { seed, link, startSeconds, impairments, rate, packets } = settings
    const random = new Random(seed)
    const events = this.#events
    const flows = this.#flows
    const content = new Content(random)
    const vpcs = vpcsOf(random)
    const connections = new Connections()
    const arena = new Arena(content.bytes)
    const templates = new Templates(arena, flows, vpcs, link === 'ethernet' ? ETHERNET_LENGTH : 0)
    this.#random = random
    this.#arena = arena
    this.#writer = new PacketWriter(arena, { events, flows, connections, templates, content, vpcs }, startSeconds)
    this.#path = new Path(events, flows, random, this.#writer, impairments)
    this.#sender = new Sender(events, flows, connections, this.#path, impairments.loss > 0)
    this.#application = new Application(events, flows, connections, this.#sender, random)
    this.#receiver = new Receiver(events, flows, connections, this.#sender, this.#application)
    this.#datagrams = new Datagrams(events, flows, content, this.#path, random)
    this.#ledger = new Ledger(flows, vpcs, startSeconds)
    this.#telling = new Telling(vpcs, random, link === 'ethernet')
    const told = { telling: this.#telling, ledger: this.#ledger }
    const parts = {
      flows,
      connections,
      templates,
      sender: this.#sender,
      application: this.#application,
      datagrams: this.#datagrams,
      ...told,
    }
    const openings = new Openings(parts, random)
    const hosts = new Hosts(vpcs, random)
    const scripts = new Scripts(content, impairments, random)
    this.#connections = connections
    this.#load = new Load(openings, content, vpcs, hosts, scripts, random)
    this.#incidents = new Incidents(events, { openings, load: this.#load, hosts, scripts, vpcs }, random, rate, (packets / rate) * SECOND)
    events.schedule(events.add(NEXT_LOAD, 0, 0), 0)
    events.schedule(events.add(NEXT_RECORD, 0, 0), 0)
  }

  begin(): TruthLine {
    return this.#ledger.scenario(this.#settings.seed)
  }

  /** Goes on until there is enough for a piece; returns false when all packets are there. */
  work(): boolean {
    const { packets } = this.#settings
    while (this.#writer.frames < packets) {
      if (this.#arena.isChunkFull) return true
      this.#happen(this.#events.next())
    }
    return false
  }

  /** The piece. */
  take(): Generated {
    const truth = this.#truth
    this.#truth = []
    return { bytes: this.#arena.take(), packets: this.#writer.frames, truth }
  }

  end(): readonly TruthLine[] {
    return [...this.#ledger.rest(this.#writer.frames, this.#writer.bytes)]
  }

  #happen(event: number): void {
    const flow = this.#events.flow[event]!
    const side = this.#events.side[event]!
    switch (this.#events.kind[event]) {
      case AT_TAP:
        if (!this.#path.atTap(event)) this.#release(event, flow)
        return
      case BACK_AT_TAP:
        if (!this.#path.backAtTap(event)) this.#release(event, flow)
        return
      case ARRIVES:
        if (this.#flows.protocol[flow] === TCP) this.#receiver.take(event)
        else this.#datagrams.take(event)
        break
      case TIMER:
        this.#sender.timer(flow * 2 + side)
        break
      case LOST:
        break
      case DELAYED_ACK:
        this.#sender.ackTimer(flow * 2 + side)
        break
      case ACTS:
        if (this.#flows.protocol[flow] === TCP) this.#application.act(flow, side)
        else this.#datagrams.act(flow)
        break
      case NEXT_LOAD:
        this.#load.begin()
        this.#events.schedule(event, this.#events.now + this.#pause())
        return
      case NEXT_RECORD:
        this.#tell(event)
        return
      case NEXT_FLOOD:
        this.#incidents.flood(event)
        return
      case NEXT_PROBE:
        this.#incidents.probe(event)
        return
      case NEXT_BULK:
        this.#incidents.bulk(event)
        return
    }
    this.#release(event, flow)
  }

  /** Somebody reports. */
  #tell(event: number): void {
    const { now } = this.#events
    const packet = this.#telling.packet()
    this.#writer.frame(packet.frame, now)
    this.#truth.push(this.#ledger.told(packet, this.#writer.frames, now))
    this.#events.schedule(event, now + Math.ceil(SECOND / (this.#settings.rate * TOLD_SHARE)))
  }

  /** Until the next flow begins, in ns. */
  #pause(): number {
    const { startSeconds, rate } = this.#settings
    const second = (startSeconds + this.#events.now / SECOND) % DAY_SECONDS
    const hour = Math.floor(second / HOUR_SECONDS)
    const share = second / HOUR_SECONDS - hour
    const load = LOAD_BY_HOUR[hour]! * (1 - share) + LOAD_BY_HOUR[(hour + 1) % LOAD_BY_HOUR.length]! * share
    return Math.ceil((this.#random.exponential() * SECOND * PACKETS_OF_FLOW) / (rate * EVERYDAY_SHARE * load))
  }

  /** Nothing happens with the event's packet any more; with the flow's last one the flow is over. */
  #release(event: number, flow: number): void {
    this.#events.free(event)
    this.#flows.pending[flow]! -= 1
    if (this.#flows.pending[flow]! > 0) return
    const { ending, firstFrame, protocol, incident } = this.#flows
    if (ending[flow] === OPEN) ending[flow] = UNANSWERED
    if (firstFrame[flow]! > 0) this.#truth.push(this.#ledger.flow(flow))
    const isReused = protocol[flow] === TCP && ending[flow] === FINISHED && incident[flow] === 0 && this.#random.chance(REUSED)
    const opening = isReused ? this.#load.openingOf(this.#flows, this.#connections, flow) : undefined
    this.#flows.close(flow)
    if (opening !== undefined) this.#load.again(opening)
  }
}
