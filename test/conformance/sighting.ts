import { observe, PacketDescriber, type PacketRecord } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, type FrameBatch, PacketView, readTcpSegment, TcpSegment } from '@geneve-telemetry/core/wire'

/** A frame as this project sees it: the public record, and behind it the decoder's own view and TCP segment for what the record does not show. */
export interface Sighting {
  readonly record: PacketRecord
  /** Valid until the next sighting. */
  readonly packet: PacketView
  /** Undefined where there is no whole TCP header. */
  readonly segment: TcpSegment | undefined
}

const describer = new PacketDescriber(new OptionTable(builtInVendors))

/** Decodes all frames, GENEVE or not, in their order. */
export async function* sightings(batches: AsyncIterable<FrameBatch>, ports: readonly number[]): AsyncGenerator<Sighting> {
  const packet = new PacketView(new DecodeRules(ports))
  const segment = new TcpSegment()
  for await (const batch of batches) {
    for (let index = 0; index < batch.count; index++) {
      packet.frame = batch.firstFrame + index
      packet.seconds = batch.seconds[index]!
      packet.nanos = batch.nanos[index]!
      decodePacket(batch.view, batch.offset[index]!, batch.end[index]!, batch.linkType[index]!, packet, batch.wireLength[index]!)
      const record = observe(packet, describer, { origin: 'conformance', observer: 'conformance' })
      yield { record, packet, segment: readTcpSegment(packet, segment) ? segment : undefined }
    }
  }
}
