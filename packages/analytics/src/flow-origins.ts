import { encapsulationNames } from '@geneve-telemetry/core'
import { addressText, type PacketView } from '@geneve-telemetry/core/wire'

// A row is 32 words of 32 bits; the frame number is a 64-bit float over the same bytes.
const ROW_SHIFT = 5
const ROW_WORDS = 32
const FLOAT_SHIFT = 4
const FRAME = 0
const VERSIONS = 2
const OUTER_SOURCE = 3
const OUTER_DESTINATION = 7
const FIRST_SOURCE = 11
const FIRST_DESTINATION = 15
/** The upper 96 bits of the innermost addresses, where they are IPv6. */
const UPPER_A = 19
const UPPER_B = 22
const ENCAPSULATIONS = 25
const VLAN_COUNT = 26
const COOKIE_OPTION = 27
const COOKIE = 28
const ICMP_CODE = 29
/** The hashes by which the flow is filed under its second VNI and by its outer addresses. */
const ANSWER_HASH = 30
const OUTER_HASH = 31

/** What the first packet of each flow said: written once, read when a flow ends, and for the rarer questions that a packet asks. */
export class FlowOrigins {
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #text = new DataView(new ArrayBuffer(16))

  constructor(count: number) {
    this.#words = new Int32Array(count * ROW_WORDS)
    this.#floats = new Float64Array(this.#words.buffer)
  }

  open(row: number, packet: PacketView): void {
    const words = this.#words
    const { view, outerVersion, firstVersion } = packet
    const at = row << ROW_SHIFT
    this.#floats[(row << FLOAT_SHIFT) + FRAME] = packet.frame
    words[at + VERSIONS] = packet.innerVersion | (outerVersion << 4) | (firstVersion << 8)
    this.#keepAddress(at + OUTER_SOURCE, view, packet.outerSource, outerVersion)
    this.#keepAddress(at + OUTER_DESTINATION, view, packet.outerDestination, outerVersion)
    if (packet.depth > 0) {
      this.#keepAddress(at + FIRST_SOURCE, view, packet.firstSource, firstVersion)
      this.#keepAddress(at + FIRST_DESTINATION, view, packet.firstDestination, firstVersion)
    }
    if (packet.innerVersion === 6) {
      for (let word = 0; word < 3; word++) {
        words[at + UPPER_A + word] = view.getInt32(packet.innerSource + word * 4)
        words[at + UPPER_B + word] = view.getInt32(packet.innerDestination + word * 4)
      }
    }
    // Codes of tunnels take 4 bits each, their number the highest.
    words[at + ENCAPSULATIONS] = packet.encapsulations | (packet.depth << 28)
    words[at + VLAN_COUNT] = packet.vlanCount
    words[at + COOKIE_OPTION] = -1
    if (packet.cookie >= 0) {
      // An option's class and type stand right before its data (RFC 8926, 3.5).
      words[at + COOKIE_OPTION] = view.getInt32(packet.cookie - 4) >>> 8
      words[at + COOKIE] = view.getInt32(packet.cookie)
    }
    words[at + ICMP_CODE] = packet.icmpCode
  }

  /** Whether the packet's IPv6 addresses are those of a flow whose side this is, as to their upper 96 bits. True for IPv4. */
  isFrom(row: number, side: number, packet: PacketView): boolean {
    if (packet.innerVersion === 4) return true
    const at = row << ROW_SHIFT
    const { view, innerSource, innerDestination } = packet
    const source = at + (side === 0 ? UPPER_A : UPPER_B)
    const destination = at + (side === 0 ? UPPER_B : UPPER_A)
    return this.#isUpper(source, view, innerSource) && this.#isUpper(destination, view, innerDestination)
  }

  /** Whether the packet came from where the flow's first packet went, and goes to where that came from. */
  isOuterReverse(row: number, packet: PacketView): boolean {
    const at = row << ROW_SHIFT
    const { view, outerVersion } = packet
    if (((this.#words[at + VERSIONS]! >> 4) & 15) !== outerVersion) return false
    return (
      this.#isAddress(at + OUTER_SOURCE, view, packet.outerDestination, outerVersion) &&
      this.#isAddress(at + OUTER_DESTINATION, view, packet.outerSource, outerVersion)
    )
  }

  frameOf(row: number): number {
    return this.#floats[(row << FLOAT_SHIFT) + FRAME]!
  }

  answerHashOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + ANSWER_HASH]!
  }

  setAnswerHash(row: number, hash: number): void {
    this.#words[(row << ROW_SHIFT) + ANSWER_HASH] = hash
  }

  outerHashOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + OUTER_HASH]!
  }

  setOuterHash(row: number, hash: number): void {
    this.#words[(row << ROW_SHIFT) + OUTER_HASH] = hash
  }

  /** IP version of the innermost packets. */
  versionOf(row: number): 4 | 6 {
    return (this.#words[(row << ROW_SHIFT) + VERSIONS]! & 15) === 6 ? 6 : 4
  }

  /** How many 802.1Q tags the packets have. */
  vlanCountOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + VLAN_COUNT]!
  }

  encapsulationsOf(row: number): string[] {
    const word = this.#words[(row << ROW_SHIFT) + ENCAPSULATIONS]!
    return encapsulationNames(word & 0xfff_ffff, word >>> 28)
  }

  /** -1 where the first packet had none. */
  icmpCodeOf(row: number): number {
    return this.#words[(row << ROW_SHIFT) + ICMP_CODE]!
  }

  /** The cookie's option as optionClass * 256 + type, -1 where the first packet had none, and its 4 bytes. */
  cookieOf(row: number): { option: number; value: number } {
    const at = row << ROW_SHIFT
    return { option: this.#words[at + COOKIE_OPTION]!, value: this.#words[at + COOKIE]! }
  }

  /** The innermost address of a side, of which the row in FlowRows has the last 32 bits. */
  addressOf(row: number, side: number, lastWord: number): string {
    const at = row << ROW_SHIFT
    const version = this.versionOf(row)
    if (version === 6)
      for (let word = 0; word < 3; word++) this.#text.setInt32(word * 4, this.#words[at + (side === 0 ? UPPER_A : UPPER_B) + word]!)
    this.#text.setInt32(version === 6 ? 12 : 0, lastWord)
    return addressText(this.#text, 0, version)
  }

  /** The outer addresses of the first packet, in its direction; `undefined` where the capture has none. */
  outerOf(row: number): { source: string; destination: string } | undefined {
    return this.#pairOf(row, 4, OUTER_SOURCE, OUTER_DESTINATION)
  }

  /** The addresses of the first IP packet in the tunnel, where it is not the innermost; in the first packet's direction. */
  firstInnerOf(row: number): { source: string; destination: string } | undefined {
    const hasOther = this.#words[(row << ROW_SHIFT) + ENCAPSULATIONS]! >>> 28 > 0
    return hasOther ? this.#pairOf(row, 8, FIRST_SOURCE, FIRST_DESTINATION) : undefined
  }

  #pairOf(row: number, versionShift: number, source: number, destination: number): { source: string; destination: string } | undefined {
    const at = row << ROW_SHIFT
    const version = (this.#words[at + VERSIONS]! >> versionShift) & 15
    if (version === 0) return undefined
    return { source: this.#textAt(at + source, version), destination: this.#textAt(at + destination, version) }
  }

  #textAt(at: number, version: number): string {
    for (let word = 0; word < wordsOf(version); word++) this.#text.setInt32(word * 4, this.#words[at + word]!)
    return addressText(this.#text, 0, version)
  }

  #keepAddress(at: number, view: DataView, offset: number, version: number): void {
    for (let word = 0; word < wordsOf(version); word++) this.#words[at + word] = view.getInt32(offset + word * 4)
  }

  #isAddress(at: number, view: DataView, offset: number, version: number): boolean {
    for (let word = 0; word < wordsOf(version); word++) if (this.#words[at + word] !== view.getInt32(offset + word * 4)) return false
    return true
  }

  #isUpper(at: number, view: DataView, offset: number): boolean {
    for (let word = 0; word < 3; word++) if (this.#words[at + word] !== view.getInt32(offset + word * 4)) return false
    return true
  }
}

/** Words of an address; of version 0 there is none. */
function wordsOf(version: number): number {
  return version === 6 ? 4 : version === 4 ? 1 : 0
}
