import { type Events, NEXT_BULK, NEXT_FLOOD, NEXT_PROBE } from './events.ts'
import type { Hosts } from './hosts.ts'
import type { Load } from './load.ts'
import type { Openings } from './opening.ts'
import type { Random } from './random.ts'
import type { Scripts } from './scripts.ts'
import { internetAddress, serverAddress, type Vpc } from './world.ts'

const TCP = 6
const SECOND = 1_000_000_000
const HTTPS = 443

/** A part of the capture, from 0 to 1, and the share of its packets there. */
interface Phase {
  readonly from: number
  readonly to: number
  readonly share: number
}

const FLOOD: Phase = { from: 0.3, to: 0.36, share: 0.3 }
const SCAN: Phase = { from: 0.5, to: 0.6, share: 0.04 }
const BULK: Phase = { from: 0.65, to: 0.85, share: 0.25 }

/** Packets that the tap sees of one flow of each, both times. */
const PACKETS_OF_SYN = 4
const PACKETS_OF_PROBE = 5
const PACKETS_OF_BULK = 7_000

/** Numbers of incidents, as `Flows.incident` has them. */
const SYN_FLOOD = 1
const PORT_SCAN = 2
const NOISY_NEIGHBOUR = 3

const FLOOD_VPC = 2
const SCAN_VPC = 0
const SCANNER = 7
const SCANNED = 3
const MOST_PORTS = 1_024
const OPEN_PORTS: ReadonlySet<number> = new Set([22, 80, 443])
const BULK_VPC = 5
const BULK_HOST = 5

/** RFC 5737, TEST-NET-1: where the flood says it comes from. */
const SPOOFED = 0xc000_0201
const SPOOFED_HOSTS = 254
const FIRST_SPOOFED_PORT = 1_024
const SPOOFED_PORTS = 64_000

/** A SYN flood, a port scan and a noisy neighbour, one after the other. */
export class Incidents {
  readonly #events: Events
  readonly #openings: Openings
  readonly #load: Load
  readonly #hosts: Hosts
  readonly #scripts: Scripts
  readonly #vpcs: readonly Vpc[]
  readonly #random: Random
  readonly #rate: number
  readonly #length: number
  #flooded = 0
  #probed = 0

  /** `length` is that of the capture in ns, about. */
  constructor(
    events: Events,
    world: { openings: Openings; load: Load; hosts: Hosts; scripts: Scripts; vpcs: readonly Vpc[] },
    random: Random,
    rate: number,
    length: number,
  ) {
    this.#events = events
    this.#openings = world.openings
    this.#load = world.load
    this.#hosts = world.hosts
    this.#scripts = world.scripts
    this.#vpcs = world.vpcs
    this.#random = random
    this.#rate = rate
    this.#length = length
    for (const [kind, { from }] of [[NEXT_FLOOD, FLOOD] as const, [NEXT_PROBE, SCAN] as const, [NEXT_BULK, BULK] as const]) {
      events.schedule(events.add(kind, 0, 0), Math.floor(from * length))
    }
  }

  /** The next SYN of the flood. */
  flood(event: number): void {
    const vpc = this.#vpcs[FLOOD_VPC]!
    const number = this.#flooded++
    const client = { ...this.#hosts.inside(SPOOFED + (number % SPOOFED_HOSTS), 4), oneWay: 9_000_000, timeToLive: 52, segmentSize: 1_460 }
    const server = this.#hosts.inside(serverAddress(vpc, 4, 0), 4)
    const clientPort = FIRST_SPOOFED_PORT + (Math.floor(number / SPOOFED_HOSTS) % SPOOFED_PORTS)
    const opening = {
      vpc: FLOOD_VPC,
      version: 4,
      protocol: TCP,
      client,
      server,
      clientPort,
      serverPort: HTTPS,
      incident: SYN_FLOOD,
    } as const
    this.#openings.spoofed(opening, this.#scripts.probe())
    this.#next(event, FLOOD, PACKETS_OF_SYN)
  }

  /** The next port of the scan. */
  probe(event: number): void {
    if (this.#probed === MOST_PORTS) {
      this.#events.free(event)
      return
    }
    const vpc = this.#vpcs[SCAN_VPC]!
    const serverPort = ++this.#probed
    const client = { ...this.#hosts.inside(internetAddress(4, SCANNER), 4), oneWay: 14_000_000, timeToLive: 49, segmentSize: 1_460 }
    const server = this.#hosts.inside(serverAddress(vpc, 4, SCANNED), 4)
    const clientPort = this.#hosts.internetPort(vpc, SCANNER)
    this.#openings.connection(
      { vpc: SCAN_VPC, version: 4, protocol: TCP, client, server, clientPort, serverPort, incident: PORT_SCAN },
      { ...this.#scripts.probe(), isRefused: !OPEN_PORTS.has(serverPort) },
    )
    this.#next(event, SCAN, PACKETS_OF_PROBE)
  }

  /** The noisy neighbour's next upload. */
  bulk(event: number): void {
    this.#load.bulk(this.#vpcs[BULK_VPC]!, BULK_HOST, NOISY_NEIGHBOUR)
    this.#next(event, BULK, PACKETS_OF_BULK)
  }

  #next(event: number, { to, share }: Phase, packets: number): void {
    const every = (SECOND * packets) / (this.#rate * share)
    const time = this.#events.now + Math.ceil(every * this.#random.exponential())
    if (time < to * this.#length) this.#events.schedule(event, time)
    else this.#events.free(event)
  }
}
