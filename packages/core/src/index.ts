export { describeIssue, encapsulationNames, PacketDescriber, vlanIds } from './describe.ts'
export type { DecodedFields, DecoderReason, EnterpriseDecoder, RawOption } from './enterprise-decoders.ts'
export { Memo } from './memo.ts'
export { type Observed, observe } from './observe.ts'
export type { EnterpriseOption, ParsedPacket, ParseFailure, ParseResult, ParserOptions } from './parser.ts'
export { GeneveParser } from './parser.ts'
export type { Analyzer, FlowView, MetricSource } from './telemetry/analyzer.ts'
export { downscale, type ExponentialHistogram, MAX_BUCKETS, mergeHistograms, percentile } from './telemetry/exponential-histogram.ts'
export { exponentialIndex, MAX_SCALE } from './telemetry/exponential-index.ts'
export type { Encoded, Exporter, Format, Outcome, Rejected } from './telemetry/exporter.ts'
export { DELIVERED, isRejected, joinedBytes, joinedPieces } from './telemetry/exporter.ts'
export type { Field, Role } from './telemetry/field.ts'
export { flowId, originOf, packetId } from './telemetry/identity.ts'
export { instantNanos, instantText, nanosBetween } from './telemetry/instant.ts'
export type { Name, ValueType } from './telemetry/name.ts'
export { ATTRIBUTES, MEASURES } from './telemetry/names.ts'
export type { DecodedPacket, FieldValue, InnerPacket, PacketOption, Telemetry } from './telemetry/packet.ts'
export type { Quantity } from './telemetry/quantity.ts'
export { addQuantities, int64Text, uint64Text } from './telemetry/quantity.ts'
export type {
  Emit,
  FlowEnd,
  FlowRecord,
  FlowSide,
  FlowState,
  Instant,
  MetricRecord,
  PacketRecord,
  Point,
  TelemetryRecord,
  ToldRecord,
} from './telemetry/record.ts'
export { FLOW_ENDS } from './telemetry/record.ts'
export { retryAfterMs } from './telemetry/retry-after.ts'
export type { Receipt, Sink } from './telemetry/sink.ts'
export { FIELD_ISSUES, type FieldIssue, type Subject, type ToldValue, type ToldValues } from './telemetry/told.ts'
export type { Vendor } from './vendors/vendor.ts'
export { fieldsOf, measureName, unlistedName, valueTypeOf, vocabulary } from './vendors/vocabulary.ts'
export type { Way, Wire, Wiring } from './wiring.ts'
