/** What can be wrong with bytes that came from a network. A value, never an exception. */
export const ISSUE_KINDS = [
  'none',
  'truncated',
  'bad-length',
  'unsupported-version',
  'option-overrun',
  'critical-flag-missing',
  'critical-flag-unneeded',
  'too-deep',
] as const
export type IssueKind = Exclude<(typeof ISSUE_KINDS)[number], 'none'>

/** Where in the packet it was found; `inner-` layers are behind the GENEVE header. */
export const LAYERS = [
  'link',
  'ip',
  'udp',
  'geneve',
  'option',
  'inner-ethernet',
  'inner-arp',
  'inner-mpls',
  'inner-gre',
  'inner-vxlan',
  'inner-geneve',
  'inner-ip',
  'inner-tcp',
  'inner-udp',
  'inner-icmp',
  'inner-sctp',
] as const
export type Layer = (typeof LAYERS)[number]

/**
 * One thing wrong with one packet.
 *
 * `offset` is in bytes from the start of the frame (of the datagram, where there is no frame); it is the start of the layer, for an option
 * its own start. `needed` and `available` are bytes for `truncated`, `bad-length` and `option-overrun`; for `unsupported-version` they are the version
 * that is understood and the one that stands there; for the critical-flag kinds the number of critical options; for `too-deep` the limit and the depth.
 */
export interface DecodeIssue {
  readonly kind: IssueKind
  readonly layer: Layer
  readonly offset: number
  readonly needed: number
  readonly available: number
}

/** A value, or what was wrong with the bytes it should have come from. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issue: DecodeIssue }

// On the fast path an issue is one number, kind * 256 + layer, so that counting one costs no object. Its parts stand here by name.
export const TRUNCATED: number = 1
export const BAD_LENGTH: number = 2
export const UNSUPPORTED_VERSION: number = 3
export const OPTION_OVERRUN: number = 4
export const CRITICAL_FLAG_MISSING: number = 5
export const CRITICAL_FLAG_UNNEEDED: number = 6
export const TOO_DEEP: number = 7

export const LINK: number = 0
export const IP: number = 1
export const UDP: number = 2
export const GENEVE: number = 3
export const OPTION: number = 4
export const INNER_ETHERNET: number = 5
export const INNER_ARP: number = 6
export const INNER_MPLS: number = 7
export const INNER_GRE: number = 8
export const INNER_VXLAN: number = 9
export const INNER_GENEVE: number = 10
export const INNER_IP: number = 11
export const INNER_TCP: number = 12
export const INNER_UDP: number = 13
export const INNER_ICMP: number = 14
export const INNER_SCTP: number = 15

/** The kind of a packed issue number, 'none' for 0. */
export function issueKind(issue: number): (typeof ISSUE_KINDS)[number] {
  return ISSUE_KINDS[issue >> 8] ?? 'none'
}

/** The layer of a packed issue number. */
export function issueLayer(issue: number): Layer {
  return LAYERS[issue & 0xff] ?? 'link'
}
