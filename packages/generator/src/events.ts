/** What happens to a packet, or to a flow, when its time comes. */
export const AT_TAP: number = 0
export const BACK_AT_TAP: number = 1
export const ARRIVES: number = 2
export const TIMER: number = 3
export const DELAYED_ACK: number = 4
export const ACTS: number = 5
/** On its way to the tap it got lost. */
export const LOST: number = 6
/** These have no flow. */
export const NEXT_LOAD: number = 7
export const NEXT_FLOOD: number = 8
export const NEXT_PROBE: number = 9
export const NEXT_BULK: number = 10
export const NEXT_RECORD: number = 11

const FIRST_CAPACITY = 4096
const ARITY_SHIFT = 2
export const MOST_SACK_BLOCKS: number = 3
export const SACK_NUMBERS: number = MOST_SACK_BLOCKS * 2

/**
 * All that is going to happen, in a heap by time, and with it what packets in flight carry: a column per property, a row per event. Rows are used again, so
 * that memory follows what is in flight and not how much has happened.
 */
export class Events {
  /** Of the event taken last, in ns since the start. */
  now = 0
  kind: Uint8Array = new Uint8Array(FIRST_CAPACITY)
  flow: Int32Array = new Int32Array(FIRST_CAPACITY)
  /** Who sends: 0 the initiator, 1 the responder. */
  side: Uint8Array = new Uint8Array(FIRST_CAPACITY)
  mark: Uint8Array = new Uint8Array(FIRST_CAPACITY)
  /** Of TCP, from the SYN's own 0; else where the payload stands in the content. */
  sequence: Int32Array = new Int32Array(FIRST_CAPACITY)
  /** Of TCP likewise; else the DNS id or the sequence number of an echo, which stand in the payload or before it. */
  acknowledged: Int32Array = new Int32Array(FIRST_CAPACITY)
  payloadLength: Uint16Array = new Uint16Array(FIRST_CAPACITY)
  /** Of TCP; else the ICMP type. */
  flags: Uint8Array = new Uint8Array(FIRST_CAPACITY)
  window: Uint16Array = new Uint16Array(FIRST_CAPACITY)
  timestamp: Uint32Array = new Uint32Array(FIRST_CAPACITY)
  timestampEcho: Uint32Array = new Uint32Array(FIRST_CAPACITY)
  sackBlocks: Uint8Array = new Uint8Array(FIRST_CAPACITY)
  sack: Int32Array = new Int32Array(FIRST_CAPACITY * SACK_NUMBERS)
  identification: Uint16Array = new Uint16Array(FIRST_CAPACITY)

  #times = new Float64Array(FIRST_CAPACITY)
  #heap = new Int32Array(FIRST_CAPACITY)
  #size = 0
  #free = new Int32Array(FIRST_CAPACITY)
  #freeCount = 0
  #used = 0

  /** A row for an event, its mark and SACK blocks empty. */
  add(kind: number, flow: number, side: number): number {
    if (this.#freeCount === 0 && this.#used === this.kind.length) this.#grow()
    const event = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#used++
    this.kind[event] = kind
    this.flow[event] = flow
    this.side[event] = side
    this.mark[event] = 0
    this.sackBlocks[event] = 0
    return event
  }

  /** A second packet like this one. */
  copy(event: number): number {
    const other = this.add(this.kind[event]!, this.flow[event]!, this.side[event]!)
    this.mark[other] = this.mark[event]!
    this.sequence[other] = this.sequence[event]!
    this.acknowledged[other] = this.acknowledged[event]!
    this.payloadLength[other] = this.payloadLength[event]!
    this.flags[other] = this.flags[event]!
    this.window[other] = this.window[event]!
    this.timestamp[other] = this.timestamp[event]!
    this.timestampEcho[other] = this.timestampEcho[event]!
    this.sackBlocks[other] = this.sackBlocks[event]!
    for (let index = 0; index < SACK_NUMBERS; index++) this.sack[other * SACK_NUMBERS + index] = this.sack[event * SACK_NUMBERS + index]!
    this.identification[other] = this.identification[event]!
    return other
  }

  free(event: number): void {
    this.#free[this.#freeCount++] = event
  }

  schedule(event: number, time: number): void {
    const times = this.#times
    const heap = this.#heap
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> ARITY_SHIFT
      if (times[parent]! <= time) break
      times[at] = times[parent]!
      heap[at] = heap[parent]!
      at = parent
    }
    times[at] = time
    heap[at] = event
  }

  /** Takes the next event and sets `now`; -1 if there is none. */
  next(): number {
    if (this.#size === 0) return -1
    const times = this.#times
    const heap = this.#heap
    const event = heap[0]!
    this.now = times[0]!
    const size = --this.#size
    const time = times[size]!
    const last = heap[size]!
    let at = 0
    for (;;) {
      const first = (at << ARITY_SHIFT) + 1
      if (first >= size) break
      let least = first
      const end = Math.min(first + 4, size)
      for (let child = first + 1; child < end; child++) if (times[child]! < times[least]!) least = child
      if (times[least]! >= time) break
      times[at] = times[least]!
      heap[at] = heap[least]!
      at = least
    }
    times[at] = time
    heap[at] = last
    return event
  }

  #grow(): void {
    const capacity = this.kind.length * 2
    const grown = <T extends { set(from: T): void }>(from: T, into: T): T => {
      into.set(from)
      return into
    }
    this.kind = grown(this.kind, new Uint8Array(capacity))
    this.flow = grown(this.flow, new Int32Array(capacity))
    this.side = grown(this.side, new Uint8Array(capacity))
    this.mark = grown(this.mark, new Uint8Array(capacity))
    this.sequence = grown(this.sequence, new Int32Array(capacity))
    this.acknowledged = grown(this.acknowledged, new Int32Array(capacity))
    this.payloadLength = grown(this.payloadLength, new Uint16Array(capacity))
    this.flags = grown(this.flags, new Uint8Array(capacity))
    this.window = grown(this.window, new Uint16Array(capacity))
    this.timestamp = grown(this.timestamp, new Uint32Array(capacity))
    this.timestampEcho = grown(this.timestampEcho, new Uint32Array(capacity))
    this.sackBlocks = grown(this.sackBlocks, new Uint8Array(capacity))
    this.sack = grown(this.sack, new Int32Array(capacity * SACK_NUMBERS))
    this.identification = grown(this.identification, new Uint16Array(capacity))
    this.#times = grown(this.#times, new Float64Array(capacity))
    this.#heap = grown(this.#heap, new Int32Array(capacity))
    this.#free = grown(this.#free, new Int32Array(capacity))
  }
}
