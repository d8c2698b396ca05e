import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { FlowEvent } from './flow-events.ts'
import { type Resource, SCOPE } from './resource.ts'

/** An event as the SDK's processors hand it to their exporters. It was observed when it happened: the tap saw it then. */
export function logRecord({ eventName, timestamp, severityNumber, attributes }: FlowEvent, resource: Resource): ReadableLogRecord {
  return {
    eventName,
    hrTime: timestamp,
    hrTimeObserved: timestamp,
    severityNumber,
    attributes,
    droppedAttributesCount: 0,
    resource,
    instrumentationScope: SCOPE,
  }
}
