import { DATAGRAM, decodeLayers } from './layers.ts'
import { BY_VERSION, decodeLink, ETHERTYPE_ETHERNET } from './link.ts'
import { begin, forget, IS_DAMAGED, IS_GENEVE, type PacketView } from './packet-view.ts'
import { decodePlain } from './plain.ts'

const ETHERNET_LINK = 1
const ETHERNET_LENGTH = 14
const ETHERTYPE_IPV4 = 0x0800
const RAW_IP_LINK = 101

/**
 * Decodes the frame [offset, end) of `view` into `out`, and returns `out.outcome`: IS_GENEVE, IS_DAMAGED or why it is not GENEVE.
 * Whatever the bytes are, it does not throw, allocates nothing and reads nothing outside the frame. `wireLength` is the frame's length before a
 * snap length cut it: lengths of 0 in IP headers stand for the rest of *that*.
 */
export function decodePacket(
  view: DataView,
  offset: number,
  end: number,
  linkType: number,
  out: PacketView,
  wireLength: number = end - offset,
): number {
  begin(view, offset, end, linkType, wireLength, out)
  const isEthernet = linkType === ETHERNET_LINK
  if (isEthernet || linkType === RAW_IP_LINK) {
    const isPlain = isEthernet
      ? end - offset >= ETHERNET_LENGTH &&
        view.getUint16(offset + 12) === ETHERTYPE_IPV4 &&
        decodePlain(view, offset + ETHERNET_LENGTH, end, out)
      : decodePlain(view, offset, end, out)
    if (isPlain) {
      out.outcome = IS_GENEVE
    } else {
      forget(out)
      out.outcome = decodeLayers(view, offset, isEthernet ? ETHERTYPE_ETHERNET : BY_VERSION, out)
    }
  } else {
    forget(out)
    const network = decodeLink(view, offset, linkType, out)
    out.outcome = network < 0 ? IS_DAMAGED : decodeLayers(view, network, out.nextType, out)
  }
  return out.outcome
}

/** Decodes a GENEVE datagram, the payload [offset, end) of a UDP packet, as a socket delivers it. There are no outer addresses then. */
export function decodeDatagram(view: DataView, offset: number, end: number, out: PacketView): number {
  begin(view, offset, end, -1, end - offset, out)
  forget(out)
  out.outcome = decodeLayers(view, offset, DATAGRAM, out)
  return out.outcome
}
