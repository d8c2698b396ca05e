import { openCapture } from '@geneve-telemetry/capture'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, hexText, PacketView } from '@geneve-telemetry/core/wire'
import { type GenerateOptions, generate } from '@geneve-telemetry/generator'

const FILE_HEADER = 24
const RECORD_HEADER = 16
/** |  Ethernet 14  |  IPv4 up to the source 12  |  Source 4  |  Destination 4  | */
const OUTER_SOURCE = 26
const TCP = 6

const { roles } = new OptionTable(builtInVendors)

/** A capture of a network that is made up, and of that one copy of each packet: on its way to or from the appliance, by which outer address is the lower one. */
export function generatedLeg(options: GenerateOptions): Uint8Array {
  const bytes = Buffer.concat([...generate(options)].map((piece) => piece.bytes))
  const isLittle = bytes[0] === 0x4d || bytes[0] === 0xd4
  const kept = [bytes.subarray(0, FILE_HEADER)]
  for (let at = FILE_HEADER; at < bytes.length; ) {
    const length = isLittle ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8)
    const frame = at + RECORD_HEADER
    const next = frame + length
    if (bytes.readUInt32BE(frame + OUTER_SOURCE) < bytes.readUInt32BE(frame + OUTER_SOURCE + 4)) kept.push(bytes.subarray(at, next))
    at = next
  }
  return Buffer.concat(kept)
}

/** The frames of TCP packets between ends that are seen in more than one scope: see the first of TCP_DIFFERENCES. */
export async function framesInManyScopes(path: string): Promise<ReadonlySet<number>> {
  const scopes = new Map<string, Set<string>>()
  const frames = new Map<number, string>()
  const packet = new PacketView(new DecodeRules([6081], roles))
  for await (const { view, count, firstFrame, offset, end, wireLength, linkType } of openCapture(path)) {
    for (let index = 0; index < count; index++) {
      decodePacket(view, offset[index]!, end[index]!, linkType[index]!, packet, wireLength[index]!)
      if (packet.protocol !== TCP || packet.scope < 0) continue
      const { innerSource, innerDestination, transport, scope } = packet
      const length = innerDestination - innerSource
      const source = hexText(view, innerSource, innerSource + length) + hexText(view, transport, transport + 2)
      const destination = hexText(view, innerDestination, innerDestination + length) + hexText(view, transport + 2, transport + 4)
      const ends = [source, destination].sort().join()
      frames.set(firstFrame + index, ends)
      scopes.set(ends, (scopes.get(ends) ?? new Set()).add(hexText(view, scope, scope + 8)))
    }
  }
  return new Set([...frames].filter(([, ends]) => scopes.get(ends)!.size > 1).map(([frame]) => frame))
}
