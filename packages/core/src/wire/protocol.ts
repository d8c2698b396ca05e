/** IANA's Assigned Internet Protocol Numbers by their keyword in lower case, as far as they are met in practice. */
const KEYWORDS: Readonly<Record<number, string>> = {
  0: 'hopopt',
  1: 'icmp',
  2: 'igmp',
  4: 'ipv4',
  6: 'tcp',
  8: 'egp',
  17: 'udp',
  33: 'dccp',
  41: 'ipv6',
  43: 'ipv6-route',
  44: 'ipv6-frag',
  46: 'rsvp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'ipv6-icmp',
  59: 'ipv6-nonxt',
  60: 'ipv6-opts',
  88: 'eigrp',
  89: 'ospfigp',
  94: 'ipip',
  97: 'etherip',
  103: 'pim',
  108: 'ipcomp',
  112: 'vrrp',
  115: 'l2tp',
  132: 'sctp',
  135: 'mobility-header',
  136: 'udplite',
  137: 'mpls-in-ip',
  139: 'hip',
  140: 'shim6',
}

const NAMES: readonly string[] = Array.from({ length: 256 }, (_, number) => KEYWORDS[number] ?? String(number))

/** The keyword of an IP protocol number in lower case (`tcp`, `ipv6-icmp`), or the number as text where it has none here. */
export function protocolName(protocol: number): string {
  return NAMES[protocol] ?? String(protocol)
}

/** The number of a protocol given as keyword or number; `undefined` for neither. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) < NAMES.length ? Number(text) : undefined
  const found = NAMES.indexOf(text.toLowerCase())
  return found < 0 ? undefined : found
}

export const TCP: number = 6
export const UDP: number = 17
export const ICMP: number = 1
export const ICMPV6: number = 58
export const SCTP: number = 132
export const GRE: number = 47
export const IPV4_IN_IP: number = 4
export const IPV6_IN_IP: number = 41
