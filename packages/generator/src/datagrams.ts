import type { Content } from './content.ts'
import { ACTS, AT_TAP, type Events } from './events.ts'
import { FINISHED, type Flows, MOST_FLOWS } from './flows.ts'
import type { Path } from './path.ts'
import type { Random } from './random.ts'

const UDP = 17
const HEADERS_LENGTH = 108
const LEAST_ANSWER_NS = 60_000
const MOST_ANSWER_NS = 900_000
/** Of an echo, by IP version: what asks and what answers. */
const ECHO_TYPES = { 4: [8, 0], 6: [128, 129] } as const

/** Flows without connections: questions to a resolver, and echoes; each is answered at once. */
export class Datagrams {
  readonly #left = new Uint8Array(MOST_FLOWS)
  readonly #asked = new Uint8Array(MOST_FLOWS)
  /** Of DNS the first question's number; of an echo the payload's length. */
  readonly #about = new Uint16Array(MOST_FLOWS)
  readonly #every = new Float64Array(MOST_FLOWS)
  readonly #events: Events
  readonly #flows: Flows
  readonly #content: Content
  readonly #path: Path
  readonly #random: Random

  constructor(events: Events, flows: Flows, content: Content, path: Path, random: Random) {
    this.#events = events
    this.#flows = flows
    this.#content = content
    this.#path = path
    this.#random = random
  }

  /** Asks `questions` times, one every so many ns. `about`: the number of the first DNS question, or the length of what an echo carries. */
  begin(flow: number, questions: number, everyNs: number, about: number): void {
    this.#left[flow] = questions
    this.#asked[flow] = 0
    this.#about[flow] = about
    this.#every[flow] = everyNs
    this.act(flow)
  }

  /** The next question is due. */
  act(flow: number): void {
    this.#left[flow]! -= 1
    const asked = this.#asked[flow]! + 1
    this.#asked[flow] = asked
    if (this.#flows.protocol[flow] === UDP) this.#send(flow * 2, this.#question(flow, asked), this.#random.word() & 0xffff, asked, 0)
    else this.#send(flow * 2, 0, asked, this.#echoType(flow, 0), 0)
    if (this.#left[flow] === 0) return
    const event = this.#events.add(ACTS, flow, 0)
    this.#flows.pending[flow]! += 1
    this.#events.schedule(event, this.#events.now + this.#every[flow]!)
  }

  /** The packet of the event arrived at the other side. */
  take(event: number): void {
    const flow = this.#events.flow[event]!
    if (this.#events.side[event] === 1) {
      this.#flows.ending[flow] = FINISHED
      return
    }
    const number = this.#events.acknowledged[event]!
    const asked = this.#events.flags[event]!
    if (this.#flows.protocol[flow] === UDP) {
      this.#send(flow * 2 + 1, this.#question(flow, asked) + 1, number, asked, this.#random.between(LEAST_ANSWER_NS, MOST_ANSWER_NS))
    } else this.#send(flow * 2 + 1, 0, number, this.#echoType(flow, 1), 0)
  }

  #question(flow: number, asked: number): number {
    return ((this.#about[flow]! + asked) % this.#content.dnsQuestions) * 2
  }

  #echoType(flow: number, side: 0 | 1): number {
    return ECHO_TYPES[this.#flows.version[flow] as 4 | 6][side]
  }

  /** `number` is the DNS id or an echo's sequence number, `flags` the question's place in the flow or the ICMP type. */
  #send(end: number, message: number, number: number, flags: number, later: number): void {
    const flow = end >> 1
    const { protocol, lastSent, nsPerByte, identification } = this.#flows
    const isDns = protocol[flow] === UDP
    const event = this.#events.add(AT_TAP, flow, end & 1)
    const length = isDns ? this.#content.dnsLength(message) : this.#about[flow]!
    this.#events.sequence[event] = isDns ? this.#content.dns(message) : this.#content.echo
    this.#events.acknowledged[event] = number
    this.#events.payloadLength[event] = length
    this.#events.flags[event] = flags
    this.#events.identification[event] = identification[end]!++
    const departure = Math.max(this.#events.now + later, lastSent[end]!)
    lastSent[end] = departure + Math.floor((length + HEADERS_LENGTH) * nsPerByte[end]!)
    this.#path.enter(event, departure)
  }
}
