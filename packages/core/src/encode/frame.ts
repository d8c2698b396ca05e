import { addressBytes, hardwareNumber } from './address.ts'
import { ETHERNET_LENGTH, writeEthernet } from './ethernet.ts'
import { type GeneveFields, geneveLength, within, writeGeneveDatagram } from './geneve.ts'
import { IPV4_LENGTH, IPV6_LENGTH, writeIpv4, writeIpv6 } from './ip.ts'
import { UDP_LENGTH, writeUdp, writeUdpChecksum } from './udp.ts'

const GENEVE_PORT = 6081
const DEFAULT_SOURCE_PORT = 60_000
const DEFAULT_TIME_TO_LIVE = 64
const UDP = 17
const IPV4 = 0x0800
const IPV6 = 0x86dd
const MOST_BYTES = 0xffff

/** A whole packet: GENEVE, and what is around it on the wire. */
export interface FrameFields extends GeneveFields {
  /** Outer addresses, both IPv4 or both IPv6. */
  readonly source: string
  readonly destination: string
  /** The flow's entropy (RFC 8926, 3.3); 60000 if not given. */
  readonly sourcePort?: number
  /** 6081 if not given. */
  readonly destinationPort?: number
  /** Or hop limit; 64 if not given. */
  readonly timeToLive?: number
  /** Of an IPv4 packet; 0 if not given. */
  readonly identification?: number
  /** Whether UDP has a checksum; true if not given. */
  readonly checksum?: boolean
  /** Hardware addresses, written `02:00:00:00:00:01`. Without, the packet begins with its IP header. */
  readonly ethernet?: { readonly source: string; readonly destination: string }
}

/** A whole packet, with an Ethernet header if `ethernet` says so. Throws RangeError on what cannot be, naming the member. */
export function encodeFrame(fields: FrameFields): Uint8Array {
  const { ethernet, sourcePort = DEFAULT_SOURCE_PORT, destinationPort = GENEVE_PORT, checksum = true } = fields
  const { timeToLive = DEFAULT_TIME_TO_LIVE, identification = 0 } = fields
  const source = addressBytes('source', fields.source)
  const destination = addressBytes('destination', fields.destination)
  if (source.byteLength !== destination.byteLength)
    throw new RangeError(`destination: '${fields.destination}' and the source '${fields.source}' are not of one IP version`)
  within('sourcePort', sourcePort, 0xffff)
  within('destinationPort', destinationPort, 0xffff)
  within('timeToLive', timeToLive, 0xff)
  within('identification', identification, 0xffff)

  const isIpv4 = source.byteLength === 4
  const udpLength = UDP_LENGTH + geneveLength(fields)
  const ipLength = udpLength + (isIpv4 ? IPV4_LENGTH : 0)
  if (ipLength > MOST_BYTES) throw new RangeError(`payload: the IP packet has ${ipLength} bytes, more than ${MOST_BYTES}`)
  const linkLength = ethernet === undefined ? 0 : ETHERNET_LENGTH
  const bytes = new Uint8Array(linkLength + udpLength + (isIpv4 ? IPV4_LENGTH : IPV6_LENGTH))
  const view = new DataView(bytes.buffer)

  let at = 0
  if (ethernet !== undefined) {
    const to = hardwareNumber('ethernet.destination', ethernet.destination)
    at = writeEthernet(view, at, to, hardwareNumber('ethernet.source', ethernet.source), isIpv4 ? IPV4 : IPV6)
  }
  at = isIpv4
    ? writeIpv4(view, at, ipLength, identification, timeToLive, UDP, wordOf(source), wordOf(destination))
    : writeIpv6(view, at, udpLength, UDP, timeToLive, source, destination)
  writeGeneveDatagram(bytes, writeUdp(view, at, sourcePort, destinationPort, udpLength), fields)
  if (checksum) writeUdpChecksum(view, at, isIpv4 ? 8 : 32)
  return bytes
}

function wordOf(address: Uint8Array): number {
  return new DataView(address.buffer).getUint32(0)
}
