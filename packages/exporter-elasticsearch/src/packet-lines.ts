import type { DecodedPacket, PacketRecord, Telemetry } from '@geneve-telemetry/core'
import { instantText } from '@geneve-telemetry/core'
import type { EcsNames } from './ecs-names.ts'
import { Fragments } from './fragments.ts'
import { eventHead, headerNames, innerNames, innerObjects, outerNames } from './packet-document.ts'
import { Pen } from './pen.ts'
import type { Phrases } from './phrases.ts'
import { type PacketParts, Repeats } from './repeats.ts'
import { MOST_CUT_BYTES, Slab } from './slab.ts'
import { NOTHING_TOLD } from './told.ts'
import { MOST_UTF8_BYTES, slabEncoder } from './utf8.ts'

type Header = NonNullable<DecodedPacket['geneve']>
type Outer = NonNullable<DecodedPacket['outer']>

/** More than four numbers and the keys between them have. */
const MOST_OTHER_BYTES = 256

const NOTHING = new TextEncoder().encode('')
const TUNNEL_BYTES = new TextEncoder().encode(',"tunnel":{"bytes":')
const CAPTURED_BYTES = new TextEncoder().encode(',"captured_bytes":')
const END_OF_LINE = new TextEncoder().encode('}}\n')

/**
 * The two lines of a packet as bytes, without a text in between, from parts that packets share (`PacketDescriber`): several times as fast. Only for packets
 * without an issue, as nearly all are; they say what `packetDocument` says.
 */
export class PacketLines {
  readonly #create: Uint8Array
  readonly #pen: Pen
  readonly #seconds: Fragments<number, Uint8Array>
  readonly #heads: Fragments<string, Uint8Array>
  readonly #headers: Fragments<Header, Uint8Array>
  readonly #outers: Fragments<Outer, Uint8Array>
  readonly #repeats = new Repeats()
  readonly #phrases: Phrases
  readonly #told: Fragments<Telemetry, Uint8Array | null>

  /** @param create the action up to the id */
  constructor(create: string, names: EcsNames, slab: Slab) {
    const { phrases } = names
    this.#phrases = phrases
    const jsonBytes = slabEncoder(new Slab())
    this.#create = jsonBytes(`${create}"`)
    this.#pen = new Pen(slab)
    this.#seconds = new Fragments((seconds) => jsonBytes(secondJson(seconds)))
    this.#heads = new Fragments((observer) => jsonBytes(`Z${eventHead(observer)}"`))
    this.#headers = new Fragments((header) => jsonBytes(`}${headerNames(header)}`))
    this.#outers = new Fragments((outer) => jsonBytes(outerNames(outer, phrases)))
    this.#told = new Fragments((telemetry) => {
      const told = names.tell(telemetry)
      return 'rejected' in told || told.elsewhere.size > 0 ? null : jsonBytes(told.geneve)
    })
  }

  /** Nothing for a packet that is none of the common ones. */
  write(record: PacketRecord): Uint8Array | undefined {
    const { geneve, inner, outer, telemetry, issue } = record.packet
    if (geneve === undefined || inner === undefined || outer === undefined || issue !== undefined) return undefined
    const second = this.#seconds.of(record.time.seconds)
    if (second.length === 0) return undefined
    const pen = this.#pen
    pen.begin()
    const parts = { geneve, inner, outer, telemetry }
    const repeat = this.#repeats.find(pen.page, parts)
    if (repeat === undefined) return this.#writeParts(record, second, parts)
    const { ecsBegin, ecsEnd, restBegin, restEnd } = repeat
    if (!this.#head(record, second, ecsEnd - ecsBegin + restEnd - restBegin)) return undefined
    pen.again(ecsBegin, ecsEnd)
    this.#sizes(record)
    pen.again(restBegin, restEnd)
    return pen.end()
  }

  #writeParts(record: PacketRecord, second: Uint8Array, parts: PacketParts): Uint8Array | undefined {
    const { geneve, inner, outer, telemetry } = parts
    const told = telemetry === undefined ? NOTHING : this.#told.of(telemetry)
    if (told === null) return undefined
    const header = this.#headers.of(geneve)
    const outerPart = this.#outers.of(outer)
    const ecs = `"}${innerObjects(inner, NOTHING_TOLD, this.#phrases)},"geneve":{"frame":`
    const own = innerNames(inner, this.#phrases)
    const most = header.length + outerPart.length + told.length + MOST_UTF8_BYTES * (ecs.length + own.length)

    if (!this.#head(record, second, most)) return undefined
    const pen = this.#pen
    const ecsBegin = pen.at
    pen.encoded(ecs)
    const ecsEnd = pen.at
    this.#sizes(record)
    const restBegin = pen.at
    pen.json(header)
    pen.json(outerPart)
    pen.encoded(own)
    pen.json(told)
    pen.json(END_OF_LINE)
    const restEnd = pen.at
    const lines = pen.end()
    if (lines !== undefined) this.#repeats.note(parts, ecsBegin, ecsEnd, restBegin, restEnd)
    return lines
  }

  /** Up to the id in the document; false if that is too large with `more` bytes behind it. */
  #head({ id, observer, time }: PacketRecord, second: Uint8Array, more: number): boolean {
    const head = this.#heads.of(observer)
    if (this.#create.length + second.length + head.length + 2 * id.length + more + MOST_OTHER_BYTES > MOST_CUT_BYTES) return false
    const pen = this.#pen
    pen.json(this.#create)
    const idBegin = pen.at
    pen.text(id)
    const idEnd = pen.at
    pen.json(second)
    pen.nanos(time.nanos)
    pen.json(head)
    pen.again(idBegin, idEnd)
    return true
  }

  #sizes({ frame, length, capturedLength }: PacketRecord): void {
    const pen = this.#pen
    pen.number(frame)
    pen.json(TUNNEL_BYTES)
    pen.number(length)
    pen.json(CAPTURED_BYTES)
    pen.number(capturedLength)
  }
}

/** From the id to the nanoseconds; '' for what is no time. */
function secondJson(seconds: number): string {
  const text = instantText({ seconds, nanos: 0 })
  return text === undefined ? '' : `"}}\n{"@timestamp":"${text.slice(0, -'000000000Z'.length)}`
}
