import type { Ipv4Fields } from './ipv4.ts'
import { ipv4 } from './ipv4.ts'
import type { Ipv6Fields } from './ipv6.ts'
import { ipv6 } from './ipv6.ts'
import type { Segment } from './segment.ts'

/** Fields of either IP version; an address with a colon makes it version 6. */
export type IpFields = Ipv4Fields | Ipv6Fields

/** An IPv6 packet if one of its addresses is written so, else an IPv4 packet. */
export function ip(fields: IpFields, payload: Segment | Uint8Array): Uint8Array {
  return `${fields.source}${fields.destination}`.includes(':') ? ipv6(fields as Ipv6Fields, payload) : ipv4(fields as Ipv4Fields, payload)
}
