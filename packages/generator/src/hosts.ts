import type { Host } from './opening.ts'
import type { Random } from './random.ts'
import { CLIENTS, INTERNET_HOSTS, type Vpc } from './world.ts'

/** As Linux takes them, up to 60,999. */
const FIRST_PORT = 32_768
const PORTS = 28_232
const MILLISECOND = 1_000_000
/** 10 and 1 Gbit/s. */
const FAST = 0.8
const SLOWER = 8
/** The load balancer takes inner packets up to 8,500 bytes. */
const INSIDE_MTU = 8_500
const OUTSIDE_MTU = 1_500
const IPV4_AND_TCP = 40
const IPV6_AND_TCP = 60

/** Where hosts are, and the ports that they take one after the other. */
export class Hosts {
  readonly #random: Random
  readonly #ports: Uint16Array
  readonly #internetPorts: Uint16Array

  constructor(vpcs: readonly Vpc[], random: Random) {
    this.#random = random
    this.#ports = new Uint16Array(vpcs.length * CLIENTS)
    this.#internetPorts = new Uint16Array(vpcs.length * INTERNET_HOSTS)
  }

  /** The next port of a client. */
  port(vpc: Vpc, host: number): number {
    return FIRST_PORT + (this.#ports[vpc.index * CLIENTS + host]!++ % PORTS)
  }

  /** The next port that a host of the internet has towards a VPC. */
  internetPort(vpc: Vpc, host: number): number {
    return FIRST_PORT + (this.#internetPorts[vpc.index * INTERNET_HOSTS + host]!++ % PORTS)
  }

  /** A host of a VPC, a fraction of a millisecond away. */
  inside(address: number, version: number): Host {
    return {
      address,
      oneWay: this.#random.between(60_000, 450_000),
      timeToLive: 64,
      nsPerByte: FAST,
      segmentSize: INSIDE_MTU - (version === 4 ? IPV4_AND_TCP : IPV6_AND_TCP),
    }
  }

  /** A host of the internet, some to some ten milliseconds away. */
  outside(address: number, version: number): Host {
    return {
      address,
      oneWay: this.#random.heavy(3 * MILLISECOND, 70 * MILLISECOND),
      timeToLive: this.#random.between(44, 58),
      nsPerByte: SLOWER,
      segmentSize: OUTSIDE_MTU - (version === 4 ? IPV4_AND_TCP : IPV6_AND_TCP),
    }
  }
}
