import type { Content } from './content.ts'
import type { Flows } from './flows.ts'
import type { Hosts } from './hosts.ts'
import type { Connecting, Host, Opening, Openings } from './opening.ts'
import type { Random } from './random.ts'
import type { Scripts } from './scripts.ts'
import type { Connections } from './tcp/connections.ts'
import {
  BLOCKED_INTERNET,
  CLIENTS,
  clientAddress,
  INTERNET_HOSTS,
  internetAddress,
  resolverAddress,
  SERVERS,
  serverAddress,
  type Vpc,
} from './world.ts'

const TCP = 6
const UDP = 17
const ICMP = 1
const ICMPV6 = 58
const HTTPS = 443
const HTTP = 80
const DNS = 53
/** What nobody should ask for: telnet, file shares, remote desktop. */
const UNWANTED_PORTS = [23, 445, 3389]
const BLOCKED_HOSTS = 64

/** For connections that have a twin; all others take ports below. */
const FIRST_TWIN_PORT = 61_000
const TWIN_PORTS = 4_536
/** VPCs with the same addresses. */
const TWINS: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 7],
  [3, 4],
])

const MILLISECOND = 1_000_000
const SECOND = 1_000_000_000
const MOST_RESPONSE = 400_000
/** 10 Gbit/s. */
const FAST = 0.8

/** What is normally going on: who talks to whom, about how much, and what of it the firewall will not have. */
export class Load {
  readonly #openings: Openings
  readonly #content: Content
  readonly #vpcs: readonly Vpc[]
  readonly #hosts: Hosts
  readonly #scripts: Scripts
  readonly #random: Random
  #twinPort = 0
  #echo = 0

  constructor(openings: Openings, content: Content, vpcs: readonly Vpc[], hosts: Hosts, scripts: Scripts, random: Random) {
    this.#openings = openings
    this.#content = content
    this.#vpcs = vpcs
    this.#hosts = hosts
    this.#scripts = scripts
    this.#random = random
  }

  /** Begins one flow, now and then two. */
  begin(): void {
    const random = this.#random
    const vpc = this.#vpcs[random.below(this.#vpcs.length)]!
    const version = random.below(5) === 0 ? 6 : 4
    const what = random.below(100)
    if (what < 46) this.#https(vpc, version)
    else if (what < 62) this.#http(vpc, version)
    else if (what < 85) this.#lookup(vpc, version)
    else if (what < 90) this.#ping(vpc, version)
    else if (what < 95) this.#unwanted(vpc)
    else this.#refused(vpc, version)
  }

  /** What a flow that is over began with, for another one with the same addresses and ports. */
  openingOf(flows: Flows, { segmentSize }: Connections, flow: number): Opening {
    const version = flows.version[flow] === 4 ? 4 : 6
    const host = (end: number): Host => ({
      address: flows.address[end]!,
      oneWay: flows.oneWay[end]!,
      timeToLive: flows.timeToLive[end]!,
      nsPerByte: flows.nsPerByte[end]!,
      segmentSize: segmentSize[end]!,
    })
    return {
      vpc: flows.vpc[flow]!,
      version,
      protocol: TCP,
      client: host(flow * 2),
      server: host(flow * 2 + 1),
      clientPort: flows.port[flow * 2]!,
      serverPort: flows.port[flow * 2 + 1]!,
      reuseOf: flows.number[flow]!,
    }
  }

  /** The same hosts and ports once more, as soon as they are free. */
  again(opening: Opening): void {
    const script = opening.serverPort === HTTP ? this.#httpScript() : this.#scripts.exchange(this.#random.heavy(400, 20_000))
    this.#openings.connection(opening, script)
  }

  /** A long upload from one client of a VPC. */
  bulk(vpc: Vpc, host: number, incident: number): void {
    const client = this.#hosts.inside(clientAddress(vpc, 4, host), 4)
    const server = this.#hosts.outside(internetAddress(4, 1), 4)
    const opening: Opening = {
      vpc: vpc.index,
      version: 4,
      protocol: TCP,
      client,
      server: { ...server, oneWay: 2 * MILLISECOND, nsPerByte: FAST },
      clientPort: this.#hosts.port(vpc, host),
      serverPort: HTTPS,
      incident,
    }
    this.#openings.connection(opening, {
      ...this.#scripts.exchange(600),
      request: this.#random.between(300_000, 3_000_000),
      exchanges: 1,
      aborts: false,
      stallsAfter: 0,
      probes: 0,
    })
  }

  #https(vpc: Vpc, version: 4 | 6): void {
    const opening = this.#tcp(vpc, version, HTTPS)
    const script = this.#scripts.exchange(this.#random.heavy(400, MOST_RESPONSE))
    this.#openings.connection(opening, script)
    const twin = TWINS.get(vpc.index)
    if (twin === undefined || version === 6 || this.#random.below(20) > 0) return
    // The same addresses and ports in two VPCs at once: only the endpoint in the options tells the two apart.
    const both = { ...opening, clientPort: FIRST_TWIN_PORT + (this.#twinPort++ % TWIN_PORTS) }
    this.#openings.connection(both, script)
    this.#openings.connection({ ...both, vpc: twin }, this.#scripts.exchange(this.#random.heavy(400, MOST_RESPONSE)))
  }

  #http(vpc: Vpc, version: 4 | 6): void {
    this.#openings.connection(this.#tcp(vpc, version, HTTP), this.#httpScript())
  }

  /** A request and its answer; then the server closes. */
  #httpScript(): Connecting {
    const request = this.#random.word()
    return {
      ...this.#scripts.exchange(this.#random.heavy(300, MOST_RESPONSE)),
      exchanges: 1,
      request: this.#content.requestLength(request),
      clientContent: this.#content.httpRequest(request),
      serverContent: this.#content.httpResponse,
      closesFirst: 'server',
      aborts: false,
      probes: 0,
    }
  }

  #lookup(vpc: Vpc, version: 4 | 6): void {
    const random = this.#random
    const host = random.below(CLIENTS)
    // Some program has another resolver written into it.
    const isOther = random.below(40) === 0
    const address = isOther ? internetAddress(version, 52) : resolverAddress(vpc, version)
    const opening: Opening = {
      vpc: vpc.index,
      version,
      protocol: UDP,
      client: this.#hosts.inside(clientAddress(vpc, version, host), version),
      server: isOther ? this.#hosts.outside(address, version) : this.#hosts.inside(address, version),
      clientPort: this.#hosts.port(vpc, host),
      serverPort: DNS,
    }
    this.#openings.datagrams(opening, random.between(1, 2), random.between(20_000, 2 * MILLISECOND), random.word() & 0xff)
  }

  #ping(vpc: Vpc, version: 4 | 6): void {
    const random = this.#random
    const opening: Opening = {
      vpc: vpc.index,
      version,
      protocol: version === 4 ? ICMP : ICMPV6,
      client: this.#hosts.inside(clientAddress(vpc, version, random.below(CLIENTS)), version),
      server:
        random.below(2) === 0
          ? this.#hosts.inside(serverAddress(vpc, version, random.below(SERVERS)), version)
          : this.#hosts.outside(internetAddress(version, random.below(INTERNET_HOSTS)), version),
      // The identifier; never the same twice at a time.
      clientPort: ++this.#echo & 0xffff,
      serverPort: 0,
    }
    this.#openings.datagrams(opening, random.between(3, 8), SECOND, 56)
  }

  #unwanted(vpc: Vpc): void {
    const random = this.#random
    const isBlocked = random.below(3) === 0
    const host = random.below(isBlocked ? BLOCKED_HOSTS : INTERNET_HOSTS)
    const client = this.#hosts.outside(isBlocked ? BLOCKED_INTERNET + 1 + host : internetAddress(4, host), 4)
    this.#openings.connection(
      {
        vpc: vpc.index,
        version: 4,
        protocol: TCP,
        client,
        server: this.#hosts.inside(serverAddress(vpc, 4, random.below(SERVERS)), 4),
        clientPort: this.#hosts.internetPort(vpc, host),
        serverPort: isBlocked ? HTTPS : UNWANTED_PORTS[random.below(UNWANTED_PORTS.length)]!,
      },
      this.#scripts.exchange(400),
    )
  }

  #refused(vpc: Vpc, version: 4 | 6): void {
    this.#openings.connection(this.#tcp(vpc, version, 8080), { ...this.#scripts.exchange(400), isRefused: true })
  }

  /** A connection within the VPC, out of it or into it. */
  #tcp(vpc: Vpc, version: 4 | 6, serverPort: number): Opening {
    const random = this.#random
    const way = random.below(10)
    const host = random.below(CLIENTS)
    const other = random.below(INTERNET_HOSTS)
    const isInbound = way >= 7
    return {
      vpc: vpc.index,
      version,
      protocol: TCP,
      client: isInbound
        ? this.#hosts.outside(internetAddress(version, other), version)
        : this.#hosts.inside(clientAddress(vpc, version, host), version),
      server:
        way >= 4 && !isInbound
          ? this.#hosts.outside(internetAddress(version, other), version)
          : this.#hosts.inside(serverAddress(vpc, version, random.below(SERVERS)), version),
      clientPort: isInbound ? this.#hosts.internetPort(vpc, other) : this.#hosts.port(vpc, host),
      serverPort,
    }
  }
}
