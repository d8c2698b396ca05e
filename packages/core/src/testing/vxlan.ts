import { concat, uint8, uint24 } from './bytes.ts'

export interface VxlanFields {
  readonly vni?: number
  /** 0x08 = the VNI is valid. */
  readonly flags?: number
}

/** The UDP port of VXLAN. */
export const VXLAN_PORT: number = 4789

/** A VXLAN packet around an Ethernet frame (RFC 7348, 5): the payload of a UDP datagram to VXLAN_PORT. */
export function vxlan(fields: VxlanFields, frame: Uint8Array): Uint8Array {
  return concat(uint8(fields.flags ?? 0x08), uint24(0), uint24(fields.vni ?? 0), uint8(0), frame)
}
