import { LINKTYPE } from '../../src/testing/testing.ts'
import { decodePacket } from '../../src/wire/decode.ts'
import type { IssueKind, Layer } from '../../src/wire/issue.ts'
import { issueKind, issueLayer } from '../../src/wire/issue.ts'
import { PacketView } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'

const RULES = new DecodeRules(
  [6081],
  [
    { optionClass: 0x0108, type: 1, length: 8, role: 'scope' },
    { optionClass: 0x0108, type: 3, length: 4, role: 'cookie' },
    { optionClass: 0x0105, role: 'record' },
  ],
)

/** A frame that stands for itself, decoded. */
export function decoded(bytes: Uint8Array, linkType: number = LINKTYPE.ethernet, wireLength: number = bytes.byteLength): PacketView {
  return decodedWithin(bytes, 0, bytes.byteLength, linkType, wireLength)
}

/** The frame [offset, end) of larger bytes, decoded. */
export function decodedWithin(
  bytes: Uint8Array,
  offset: number,
  end: number,
  linkType: number,
  wireLength: number = end - offset,
): PacketView {
  return decodedInto(new PacketView(RULES), bytes, offset, end, linkType, wireLength)
}

/** The same, into a view that may have held another packet. */
export function decodedInto(
  out: PacketView,
  bytes: Uint8Array,
  offset: number,
  end: number,
  linkType: number,
  wireLength: number = end - offset,
): PacketView {
  const outcome = decodePacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset, end, linkType, out, wireLength)
  if (outcome !== out.outcome) throw new Error(`decodePacket returned ${outcome}, not ${out.outcome}`)
  return out
}

/** A packet's issue in words. */
export function issueOf(packet: PacketView): {
  kind: IssueKind | 'none'
  layer?: Layer
  offset?: number
  needed?: number
  available?: number
} {
  const kind = issueKind(packet.issue)
  if (kind === 'none') return { kind }
  return { kind, layer: issueLayer(packet.issue), offset: packet.issueOffset, needed: packet.issueNeeded, available: packet.issueAvailable }
}
