/** A frame as a test wants it in a capture, and as it must come out again. */
export interface Frame {
  readonly seconds: number
  readonly nanos: number
  readonly bytes: Uint8Array
  readonly wireLength: number
  readonly linkType: number
  readonly direction: number
}

export interface PcapLayout {
  readonly little: boolean
  readonly kind: 'micros' | 'nanos' | 'patched'
  /** All 32 bits of the header's link type field. */
  readonly linkField: number
}

const MAGICS = { micros: 0xa1b2c3d4, nanos: 0xa1b23c4d, patched: 0xa1b2cd34 }

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

/** Fields of the given sizes in bytes, one after the other. */
export function fields(little: boolean, ...all: readonly (readonly [size: 1 | 2 | 4 | 8, value: number | bigint])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [size]) => sum + size, 0)))
  let at = 0
  for (const [size, value] of all) {
    if (size === 1) view.setUint8(at, Number(value))
    else if (size === 2) view.setUint16(at, Number(value), little)
    else if (size === 4) view.setUint32(at, Number(value), little)
    else view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), little)
    at += size
  }
  return new Uint8Array(view.buffer)
}

export function pcapHeader({ little, kind, linkField }: PcapLayout, major = 2): Uint8Array {
  return fields(little, [4, MAGICS[kind]], [2, major], [2, 4], [8, 0], [4, 262_144], [4, linkField])
}

export function pcapRecord({ little, kind }: PcapLayout, frame: Frame): Uint8Array {
  const fraction = kind === 'nanos' ? frame.nanos : Math.floor(frame.nanos / 1000)
  const header = fields(little, [4, frame.seconds], [4, fraction], [4, frame.bytes.length], [4, frame.wireLength])
  // Interface, protocol, packet type.
  const patch = kind === 'patched' ? fields(little, [4, 2], [2, 0x0800], [1, 4], [1, 0]) : new Uint8Array(0)
  return concat(header, patch, frame.bytes)
}

export function pcap(layout: PcapLayout, frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  return concat(pcapHeader(layout), ...frames.map((frame) => pcapRecord(layout, frame)))
}

function padded(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array(-bytes.length & 3))
}

export function option(little: boolean, code: number, value: Uint8Array): Uint8Array {
  return concat(fields(little, [2, code], [2, value.length]), padded(value))
}

export function block(little: boolean, type: number, ...body: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = padded(concat(...body))
  const length = fields(little, [4, content.length + 12])
  return concat(fields(little, [4, type]), length, content, length)
}

export function section(little: boolean, major = 1): Uint8Array {
  return block(little, 0x0a0d0d0a, fields(little, [4, 0x1a2b3c4d], [2, major], [2, 0], [8, -1n]))
}

export interface InterfaceLayout {
  readonly linkType: number
  readonly snapLength?: number
  /** if_tsresol; without it the option is left out. */
  readonly resolution?: number
  /** if_tsoffset */
  readonly offsetSeconds?: bigint
  /** if_fcslen */
  readonly fcs?: number
}

export function description(little: boolean, { linkType, snapLength = 0, resolution, offsetSeconds, fcs }: InterfaceLayout): Uint8Array {
  const options = [option(little, 2, new TextEncoder().encode('eth0'))]
  if (resolution !== undefined) options.push(option(little, 9, fields(little, [1, resolution])))
  if (fcs !== undefined) options.push(option(little, 13, fields(little, [1, fcs])))
  if (offsetSeconds !== undefined) options.push(option(little, 14, fields(little, [8, offsetSeconds])))
  return block(little, 1, fields(little, [2, linkType], [2, 0], [4, snapLength]), ...options, option(little, 0, new Uint8Array(0)))
}

export interface PacketLayout {
  readonly interfaceId: number
  readonly time: bigint
  readonly bytes: Uint8Array
  readonly wireLength: number
  /** epb_flags; without it there is no option at all. */
  readonly flags?: number
}

function packetBody(little: boolean, { time, bytes, wireLength, flags }: PacketLayout): Uint8Array {
  const options =
    flags === undefined ? [] : [option(little, 1, new TextEncoder().encode('seen')), option(little, 2, fields(little, [4, flags]))]
  const high = Number(BigInt.asUintN(32, time >> 32n))
  const low = Number(BigInt.asUintN(32, time))
  return concat(fields(little, [4, high], [4, low], [4, bytes.length], [4, wireLength]), padded(bytes), ...options)
}

export function enhancedPacket(little: boolean, packet: PacketLayout): Uint8Array {
  return block(little, 6, fields(little, [4, packet.interfaceId]), packetBody(little, packet))
}

export function obsoletePacket(little: boolean, packet: PacketLayout): Uint8Array {
  return block(little, 2, fields(little, [2, packet.interfaceId], [2, 7]), packetBody(little, packet))
}

export function simplePacket(little: boolean, bytes: Uint8Array, wireLength: number): Uint8Array {
  return block(little, 3, fields(little, [4, wireLength]), bytes)
}
