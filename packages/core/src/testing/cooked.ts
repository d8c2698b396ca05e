import { concat, uint8, uint16, uint32 } from './bytes.ts'
import { etherTypeOf, IPV6 } from './ether-type.ts'
import { hex } from './hex.ts'

export interface CookedFields {
  /** 0 = to us, 4 = sent by us. */
  readonly packetType?: number
  /** ARPHRD_ number: 1 = Ethernet, 824 = IP over GRE. */
  readonly hardwareType?: number
  /** By the payload's first byte: IPv4 or IPv6; for others it has to be given. */
  readonly protocolType?: number
}

const HARDWARE_ADDRESS = hex('020000000001 0000')
const IEEE_802_LOCAL_EXPERIMENTAL = 0x88b5

/** A Linux "cooked" frame, LINKTYPE_LINUX_SLL (113). */
export function sll(fields: CookedFields, payload: Uint8Array): Uint8Array {
  return concat(
    uint16(fields.packetType ?? 0),
    uint16(fields.hardwareType ?? 1),
    uint16(6),
    HARDWARE_ADDRESS,
    uint16(fields.protocolType ?? etherTypeOf(payload, IEEE_802_LOCAL_EXPERIMENTAL)),
    payload,
  )
}

/** A Linux "cooked" frame, LINKTYPE_LINUX_SLL2 (276). */
export function sll2(fields: CookedFields & { readonly interfaceIndex?: number }, payload: Uint8Array): Uint8Array {
  return concat(
    uint16(fields.protocolType ?? etherTypeOf(payload, IEEE_802_LOCAL_EXPERIMENTAL)),
    uint16(0),
    uint32(fields.interfaceIndex ?? 1),
    uint16(fields.hardwareType ?? 1),
    uint8(fields.packetType ?? 0),
    uint8(6),
    HARDWARE_ADDRESS,
    payload,
  )
}

/**
 * A BSD loopback frame: the address family, then the packet. LINKTYPE_LOOP (108) has it in network order; LINKTYPE_NULL (0) in the capturing machine's,
 * which may be `littleEndian`. `family` is by default 2 for IPv4 and 30 (one of several systems') for IPv6.
 */
export function loopback(fields: { readonly family?: number; readonly littleEndian?: boolean }, payload: Uint8Array): Uint8Array {
  const family = uint32(fields.family ?? (etherTypeOf(payload, 0) === IPV6 ? 30 : 2))
  return concat(fields.littleEndian ? family.reverse() : family, payload)
}
