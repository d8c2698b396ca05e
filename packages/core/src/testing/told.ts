import { issueKind } from '../wire/issue.ts'
import { PacketView } from '../wire/packet-view.ts'
import { DecodeRules } from '../wire/rules.ts'

/** The fields that are offsets into the view, with how many bytes are read there. An address has 4 or 16. */
const OFFSETS: Readonly<Record<string, (packet: PacketView) => number>> = {
  outerHeader: (packet) => headerLength(packet.outerVersion),
  udp: () => 4,
  firstHeader: (packet) => headerLength(packet.firstVersion),
  fragmentHeader: () => 8,
  arp: () => 8,
  outerSource: (packet) => addressLength(packet.outerVersion),
  outerDestination: (packet) => addressLength(packet.outerVersion),
  geneve: (packet) => (packet.outcome === 0 ? 8 : 0),
  optionsStart: () => 0,
  optionsEnd: () => 0,
  payload: () => 0,
  scope: () => 8,
  cookie: () => 4,
  record: () => 4,
  firstSource: (packet) => addressLength(packet.firstVersion),
  firstDestination: (packet) => addressLength(packet.firstVersion),
  innerSource: (packet) => addressLength(packet.isArp === 1 ? 4 : packet.innerVersion),
  innerDestination: (packet) => addressLength(packet.isArp === 1 ? 4 : packet.innerVersion),
  innerHeader: (packet) => headerLength(packet.innerVersion),
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

/** Those that are filled in, and those that are read off the bytes when asked for. */
const NAMES = [
  ...Object.keys(new PacketView(new DecodeRules())),
  ...Object.keys(Object.getOwnPropertyDescriptors(PacketView.prototype)).filter((name) => name !== 'constructor'),
]

/** All that the decoder said about a packet, offsets counted from the frame's start. */
export function told(packet: PacketView): Readonly<Record<string, number>> {
  const fields: Record<string, number> = {}
  for (const name of NAMES) {
    const value = packet[name as keyof PacketView] as number
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
  if (packet.issue === 0) return ''
  const kind = issueKind(packet.issue)
  const { issueOffset: offset, issueNeeded: needed, issueAvailable: available } = packet
  if (offset < 0 || offset > end - start) return `the issue's offset ${offset} is outside the frame`
  if (kind === 'truncated' && (needed <= available || available < 0 || available > end - start - offset))
    return `truncated: needs ${needed} of ${available}`
  if (kind === 'bad-length' && needed <= available) return `bad-length: needs ${needed} of ${available}`
  return ''
}

function addressLength(version: number): number {
  return version === 4 ? 4 : version === 6 ? 16 : 0
}

function headerLength(version: number): number {
  return version === 4 ? 20 : version === 6 ? 40 : 0
}
