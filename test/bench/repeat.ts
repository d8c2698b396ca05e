import { closeSync, openSync, writeSync } from 'node:fs'
import { openCapture } from '@geneve-telemetry/capture'
import { DecodeRules, decodePacket, IS_GENEVE, PacketView } from '@geneve-telemetry/core/wire'
import { RECORD_HEADER, recordHeader, writeFileHeader } from './pcap.ts'

const MICROS_BETWEEN = 10
const CHUNK_BYTES = 2 ** 20
const TCP = 6
const UDP = 17

/** A frame that is written again and again, and where it is varied: -1 where it is not. */
interface Template {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly wireLength: number
  readonly udp: number
  /** Offsets of the inner IPv4 header and of the inner source port. */
  readonly inner: number
  readonly port: number
}

/**
 * Repeats a capture's frames, 10 µs apart, until there are `packets` of them. With `flows`, the number of the round modulo `flows` is written to the low 16
 * bits of the inner IPv4 source address and to the inner source port, so that there are about that many times as many flows. The inner IPv4 checksum is made
 * right again, that of outer UDP is left out.
 */
export async function repeatCapture(from: string, to: string, packets: number, flows: number): Promise<void> {
  const { templates, linkType } = await templatesOf(from)
  const file = openSync(to, 'w')
  const chunk = new DataView(new ArrayBuffer(CHUNK_BYTES))
  const bytes = new Uint8Array(chunk.buffer)
  let used = writeFileHeader(chunk, linkType)
  for (let index = 0; index < packets; index++) {
    const template = templates[index % templates.length]!
    if (flows > 0 && template.inner >= 0) vary(template, Math.floor(index / templates.length) % flows)
    if (used + RECORD_HEADER + template.bytes.length > CHUNK_BYTES) {
      writeSync(file, bytes, 0, used)
      used = 0
    }
    recordHeader(chunk, used, index * MICROS_BETWEEN, template.bytes.length, template.wireLength)
    bytes.set(template.bytes, used + RECORD_HEADER)
    used += RECORD_HEADER + template.bytes.length
  }
  writeSync(file, bytes, 0, used)
  closeSync(file)
}

async function templatesOf(path: string): Promise<{ templates: readonly Template[]; linkType: number }> {
  const packet = new PacketView(new DecodeRules())
  const templates: Template[] = []
  for await (const { view, count, offset, end, wireLength, linkType } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      const bytes = new Uint8Array(view.buffer, offset[index]!, end[index]! - offset[index]!).slice()
      const own = new DataView(bytes.buffer)
      decodePacket(own, 0, bytes.length, linkType[index]!, packet, wireLength[index]!)
      templates.push({ bytes, view: own, wireLength: wireLength[index]!, ...variable(packet) })
    }
  }
  if (templates.length === 0) throw new Error(`${path} has no frames to repeat`)
  return { templates, linkType: packet.linkType }
}

function variable({ outcome, outerVersion, firstVersion, firstHeader, udp, view }: PacketView): Pick<Template, 'udp' | 'inner' | 'port'> {
  if (outcome !== IS_GENEVE || outerVersion !== 4 || firstVersion !== 4) return { udp, inner: -1, port: -1 }
  const protocol = view.getUint8(firstHeader + 9)
  const behind = firstHeader + headerLength(view, firstHeader)
  const hasPort = (protocol === TCP || protocol === UDP) && behind + 2 <= view.byteLength
  return { udp, inner: firstHeader, port: hasPort ? behind : -1 }
}

function vary({ view, udp, inner, port }: Template, round: number): void {
  view.setUint16(udp + 6, 0)
  view.setUint16(inner + 14, round & 0xffff)
  view.setUint16(inner + 10, 0)
  view.setUint16(inner + 10, checksum(view, inner, headerLength(view, inner)))
  // Never GENEVE's own port: an inner datagram from there might be taken for a tunnel in the tunnel.
  if (port >= 0) view.setUint16(port, 10_240 + (round % 50_000))
}

function headerLength(view: DataView, offset: number): number {
  return (view.getUint8(offset) & 15) * 4
}

/** RFC 1071. */
function checksum(view: DataView, offset: number, length: number): number {
  let sum = 0
  for (let at = offset; at < offset + length; at += 2) sum += view.getUint16(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return ~sum & 0xffff
}
