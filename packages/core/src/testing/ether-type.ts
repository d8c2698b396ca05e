export const IPV4: number = 0x0800
export const IPV6: number = 0x86dd
/** Trans-Ether bridging: an Ethernet frame follows. */
export const ETHERNET: number = 0x6558

/** IPV4 or IPV6 as the payload's first four bits say, `otherwise` for what has neither version. */
export function etherTypeOf(payload: Uint8Array, otherwise: number): number {
  const version = (payload[0] ?? 0) >> 4
  return version === 4 ? IPV4 : version === 6 ? IPV6 : otherwise
}
