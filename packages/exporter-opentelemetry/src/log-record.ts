import type { FlowRecord, Rejected, ToldRecord, Vendor } from '@geneve-telemetry/core'
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import { type FlowEvent, FlowEvents } from './flow-events.ts'
import { type Resource, SCOPE } from './resource.ts'
import { ToldEvents } from './told-events.ts'

/** Makes a function that says records as the SDK's processors hand them to their exporters; or why that cannot be. */
export function logEncoder(
  vendors: readonly Vendor[],
  resource: Resource,
): (record: FlowRecord | ToldRecord) => ReadableLogRecord | Rejected {
  const flowEvents = new FlowEvents({ vendors })
  const toldEvents = new ToldEvents({ vendors })
  return (record) => {
    const event = record.kind === 'flow' ? flowEvents.event(record) : toldEvents.event(record)
    return 'rejected' in event ? event : logRecord(event, resource)
  }
}

/** It was observed when it happened: the tap saw it then. */
function logRecord({ eventName, timestamp, severityNumber, attributes }: FlowEvent, resource: Resource): ReadableLogRecord {
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
