export type { Analyzer, FlowView, MetricSource } from './telemetry/analyzer.ts'
export type { Encoded, Exporter, Format, Outcome, Rejected } from './telemetry/exporter.ts'
export { DELIVERED, isRejected } from './telemetry/exporter.ts'
export type { Field, Role } from './telemetry/field.ts'
export { flowId, packetId } from './telemetry/identity.ts'
export type { Name } from './telemetry/name.ts'
export { ATTRIBUTES, MEASURES } from './telemetry/names.ts'
export type { DecodedPacket, FieldValue, InnerPacket, PacketOption, Telemetry } from './telemetry/packet.ts'
export type {
  Emit,
  FlowEnd,
  FlowRecord,
  FlowSide,
  Instant,
  MetricRecord,
  PacketRecord,
  Point,
  Quantity,
  TelemetryRecord,
} from './telemetry/record.ts'
