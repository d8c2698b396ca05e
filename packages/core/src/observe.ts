import type { PacketDescriber } from './describe.ts'
import { packetId } from './telemetry/identity.ts'
import type { PacketRecord } from './telemetry/record.ts'
import type { PacketView } from './wire/packet-view.ts'

/** What a record says about where it comes from. */
export interface Observed {
  /** The source's name for identities: a file's digest or a run id. */
  readonly origin: string
  /** Who saw it. */
  readonly observer: string
}

/** Copies a packet out of its view: a record of plain values that outlives the capture's bytes. */
export function observe(packet: PacketView, describer: PacketDescriber, { origin, observer }: Observed): PacketRecord {
  return {
    kind: 'packet',
    id: packetId(origin, packet.frame),
    observer,
    time: { seconds: packet.seconds, nanos: packet.nanos },
    frame: packet.frame,
    length: packet.wireLength,
    capturedLength: packet.end - packet.start,
    packet: describer.describe(packet),
  }
}
