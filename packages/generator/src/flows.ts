/** Flows at a time. What would begin while all places are taken does not begin. */
export const MOST_FLOWS: number = 65_536

const FLOWS = MOST_FLOWS
const ENDS = MOST_FLOWS * 2

/** How a flow is or was ended. */
export const OPEN: number = 0
export const FINISHED: number = 1
export const RESET: number = 2
export const DENIED: number = 3
export const UNANSWERED: number = 4

/**
 * Flows that are under way: who they are, and what of them the capture holds so far. A column per property; a row per flow, or two, the initiator's at `flow * 2`
 * and the responder's behind it.
 */
export class Flows {
  readonly number: Float64Array = new Float64Array(FLOWS)
  readonly reuseOf: Float64Array = new Float64Array(FLOWS)
  readonly protocol: Uint8Array = new Uint8Array(FLOWS)
  readonly version: Uint8Array = new Uint8Array(FLOWS)
  readonly vpc: Uint8Array = new Uint8Array(FLOWS)
  readonly rule: Uint8Array = new Uint8Array(FLOWS)
  readonly isDenied: Uint8Array = new Uint8Array(FLOWS)
  readonly isOpen: Uint8Array = new Uint8Array(FLOWS)
  /** Which incident it belongs to, 0 for none. */
  readonly incident: Uint8Array = new Uint8Array(FLOWS)
  readonly ending: Uint8Array = new Uint8Array(FLOWS)
  readonly cookie: Uint32Array = new Uint32Array(FLOWS)
  readonly outerPort: Uint16Array = new Uint16Array(FLOWS)
  /** Which of the attached records it carries, plus 1. */
  readonly record: Uint16Array = new Uint16Array(FLOWS)
  /** Events that name the flow: with the last of them it is over. */
  readonly pending: Int32Array = new Int32Array(FLOWS)
  readonly firstFrame: Float64Array = new Float64Array(FLOWS)
  readonly start: Float64Array = new Float64Array(FLOWS)
  readonly end: Float64Array = new Float64Array(FLOWS)
  /** When the three segments of the handshake came to the tap first; -1 until they did. */
  readonly synAt: Float64Array = new Float64Array(FLOWS)
  readonly synAckAt: Float64Array = new Float64Array(FLOWS)
  readonly handshakeAt: Float64Array = new Float64Array(FLOWS)
  readonly inspected: Float64Array = new Float64Array(FLOWS)
  readonly inspectionSum: Float64Array = new Float64Array(FLOWS)
  readonly inspectionMin: Float64Array = new Float64Array(FLOWS)
  readonly inspectionMax: Float64Array = new Float64Array(FLOWS)

  /** 32 bits: of IPv4 the address, of IPv6 the VPC's number and the host's, 16 bits each. */
  readonly address: Uint32Array = new Uint32Array(ENDS)
  readonly port: Uint16Array = new Uint16Array(ENDS)
  readonly oneWay: Float64Array = new Float64Array(ENDS)
  readonly timeToLive: Uint8Array = new Uint8Array(ENDS)
  readonly nsPerByte: Float64Array = new Float64Array(ENDS)
  readonly identification: Uint16Array = new Uint16Array(ENDS)
  readonly content: Int32Array = new Int32Array(ENDS)
  /** The latest times that were given to its packets: they do not overtake each other. */
  readonly lastSent: Float64Array = new Float64Array(ENDS)
  readonly lastAtTap: Float64Array = new Float64Array(ENDS)
  readonly lastBack: Float64Array = new Float64Array(ENDS)
  readonly lastArrival: Float64Array = new Float64Array(ENDS)

  readonly packets: Float64Array = new Float64Array(ENDS)
  readonly bytes: Float64Array = new Float64Array(ENDS)
  readonly returnedPackets: Float64Array = new Float64Array(ENDS)
  readonly returnedBytes: Float64Array = new Float64Array(ENDS)
  readonly payloadBytes: Float64Array = new Float64Array(ENDS)
  readonly flags: Uint8Array = new Uint8Array(ENDS)
  readonly retransmissions: Float64Array = new Float64Array(ENDS)
  readonly spurious: Float64Array = new Float64Array(ENDS)
  readonly lostBefore: Float64Array = new Float64Array(ENDS)
  readonly lostAfter: Float64Array = new Float64Array(ENDS)
  readonly reordered: Float64Array = new Float64Array(ENDS)
  readonly duplicated: Float64Array = new Float64Array(ENDS)
  readonly zeroWindows: Float64Array = new Float64Array(ENDS)
  readonly probes: Float64Array = new Float64Array(ENDS)
  readonly keepalives: Float64Array = new Float64Array(ENDS)

  readonly #free: Int32Array = Int32Array.from({ length: FLOWS }, (_, index) => FLOWS - 1 - index)
  #freeCount = FLOWS
  #opened = 0

  /** How many have begun so far: the number of the last one. */
  get opened(): number {
    return this.#opened
  }

  get isFull(): boolean {
    return this.#freeCount === 0
  }

  /** A row with nothing counted. */
  open(): number {
    const flow = this.#free[--this.#freeCount]!
    this.number[flow] = ++this.#opened
    this.reuseOf[flow] = 0
    this.isOpen[flow] = 1
    this.incident[flow] = 0
    this.ending[flow] = OPEN
    this.record[flow] = 0
    this.pending[flow] = 0
    this.firstFrame[flow] = 0
    this.synAt[flow] = -1
    this.synAckAt[flow] = -1
    this.handshakeAt[flow] = -1
    this.inspected[flow] = 0
    this.inspectionSum[flow] = 0
    this.inspectionMin[flow] = Number.MAX_SAFE_INTEGER
    this.inspectionMax[flow] = 0
    for (const column of this.#counted) column[flow * 2] = column[flow * 2 + 1] = 0
    return flow
  }

  close(flow: number): void {
    this.isOpen[flow] = 0
    this.#free[this.#freeCount++] = flow
  }

  readonly #counted: readonly { [index: number]: number }[] = [
    this.lastSent,
    this.lastAtTap,
    this.lastBack,
    this.lastArrival,
    this.packets,
    this.bytes,
    this.returnedPackets,
    this.returnedBytes,
    this.payloadBytes,
    this.flags,
    this.retransmissions,
    this.spurious,
    this.lostBefore,
    this.lostAfter,
    this.reordered,
    this.duplicated,
    this.zeroWindows,
    this.probes,
    this.keepalives,
  ]
}
