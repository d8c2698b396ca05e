/** The face `@geneve-telemetry/core/wire`: bytes to numbers and offsets, for whoever walks packets at line rate. */
export { addressText, hexText, ipv4Text, ipv6Text } from './address.ts'
export { decodeDatagram, decodePacket } from './decode.ts'
export type { CaptureDamage, FrameBatch, FrameSource } from './frame.ts'
export { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from './frame.ts'
export type { Decoded, DecodeIssue, IssueKind, Layer } from './issue.ts'
export { ISSUE_KINDS, issueKind, issueLayer, LAYERS } from './issue.ts'
export { LINK_TYPES } from './link-types.ts'
export type { Encapsulation, NotGeneveReason } from './packet-view.ts'
export {
  ENCAPSULATIONS,
  IS_DAMAGED,
  IS_GENEVE,
  NOT_GENEVE_REASONS,
  NOT_IP,
  NOT_UDP,
  OTHER_PORT,
  OUTER_FRAGMENT,
  PacketView,
  UNSUPPORTED_LINK,
} from './packet-view.ts'
export { protocolName, protocolNumber } from './protocol.ts'
export type { OptionRole, RecordRole } from './rules.ts'
export { DecodeRules } from './rules.ts'
export { tcpFlagsText } from './tcp-flags.ts'
export { MAX_SACK_BLOCKS, readTcpSegment, TcpSegment } from './tcp-segment.ts'
