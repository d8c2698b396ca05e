import { decodePacket } from '../../src/wire/decode.ts'
import type { IssueKind, Layer } from '../../src/wire/issue.ts'
import { issueKind, issueLayer } from '../../src/wire/issue.ts'
import { PacketView } from '../../src/wire/packet-view.ts'
import { DecodeRules } from '../../src/wire/rules.ts'
import { LINKTYPE } from './link-type.ts'

const RULES = new DecodeRules(
  [6081],
  [
    { optionClass: 0x0108, type: 1, length: 8, role: 'scope' },
    { optionClass: 0x0108, type: 3, length: 4, role: 'cookie' },
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

/** The fields that are offsets into the view, with how many bytes are read there. An address has 4 or 16. */
const OFFSETS: Readonly<Record<string, (packet: PacketView) => number>> = {
  outerSource: (packet) => addressLength(packet.outerVersion),
  outerDestination: (packet) => addressLength(packet.outerVersion),
  geneve: (packet) => (packet.outcome === 0 ? 8 : 0),
  optionsStart: () => 0,
  optionsEnd: () => 0,
  payload: () => 0,
  scope: () => 8,
  cookie: () => 4,
  firstSource: (packet) => addressLength(packet.firstVersion),
  firstDestination: (packet) => addressLength(packet.firstVersion),
  innerSource: (packet) => addressLength(packet.isArp === 1 ? 4 : packet.innerVersion),
  innerDestination: (packet) => addressLength(packet.isArp === 1 ? 4 : packet.innerVersion),
  innerHeader: (packet) => (packet.innerVersion === 6 ? 40 : 20),
  transport: () => 0,
}

/** What only the decoder uses, and what stands for the frame itself. */
const NOT_TOLD = new Set([
  'rules',
  'view',
  'start',
  'end',
  'limit',
  'cut',
  'nextType',
  'payloadStart',
  'frame',
  'seconds',
  'nanos',
  'wireLength',
])

/** All that the decoder said about a packet, offsets counted from the frame's start. */
export function told(packet: PacketView): Readonly<Record<string, number>> {
  const fields: Record<string, number> = {}
  for (const [name, value] of Object.entries(packet)) {
    if (NOT_TOLD.has(name) || (packet.issue === 0 && /^issue./.test(name))) continue
    fields[name] = name in OFFSETS && value >= 0 ? value - packet.start : value
  }
  return fields
}

/** Says what in a decoded packet cannot be: an offset outside its frame, options that cannot be walked, an issue without sense. '' if all is well. */
export function nonsenseIn(packet: PacketView): string {
  const { start, end, view, optionsStart, optionsEnd } = packet
  for (const [name, length] of Object.entries(OFFSETS)) {
    const offset = packet[name as keyof PacketView] as number
    if (offset === -1) continue
    if (offset < start || offset + length(packet) > end) return `${name} ${offset} is outside [${start}, ${end})`
  }
  let at = optionsStart
  while (at < optionsEnd) at += 4 + (view.getUint8(at + 3) & 0x1f) * 4
  if (at !== optionsEnd) return `options end at ${at}, not at ${optionsEnd}`
  if (packet.outcome === 0 && (packet.geneve < 0 || packet.version !== 0 || packet.vni < 0 || packet.optionsStart < 0))
    return 'GENEVE without a header'
  if (packet.outcome === -1 && packet.issue === 0) return 'damaged without an issue'
  if (packet.outcome > 0 && packet.issue !== 0) return 'an issue of something that is not GENEVE'
  if (packet.outcome < -1 || packet.outcome > 5) return `outcome ${packet.outcome}`
  const { kind, offset = 0, needed = 0, available = 0 } = issueOf(packet)
  if (kind === 'none') return ''
  if (offset < 0 || offset > end - start) return `the issue's offset ${offset} is outside the frame`
  if (kind === 'truncated' && (needed <= available || available < 0 || available > end - start - offset))
    return `truncated: needs ${needed} of ${available}`
  if (kind === 'bad-length' && needed <= available) return `bad-length: needs ${needed} of ${available}`
  return ''
}

function addressLength(version: number): number {
  return version === 4 ? 4 : version === 6 ? 16 : 0
}
