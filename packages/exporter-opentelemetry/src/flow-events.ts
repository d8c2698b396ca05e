import type { FieldValue, FlowRecord, FlowSide, Name, Rejected, Vendor } from '@geneve-telemetry/core'
import { FLOW_ENDS, instantNanos, nanosBetween, originOf, unlistedName } from '@geneve-telemetry/core'
import { protocolName, tcpFlagsText } from '@geneve-telemetry/core/wire'
import { attributeNames, OBSERVER, ORIGIN, WEIGHT } from './attributes.ts'
import { timeOf } from './figure.ts'

export type EventValue = string | number | boolean | readonly string[] | readonly number[]

/** A flow as a log record of OpenTelemetry: what `emit` of a `Logger` takes, of `@opentelemetry/api-logs` as well as of `@opentelemetry/api` from 1.10. */
export interface FlowEvent {
  readonly eventName: string
  /** When the flow, or this part of it, ended: seconds and nanoseconds. */
  readonly timestamp: [seconds: number, nanos: number]
  /** INFO. */
  readonly severityNumber: number
  readonly attributes: Record<string, Exclude<EventValue, readonly string[] | readonly number[]> | string[] | number[]>
}

export interface FlowEventOptions {
  /** Whose fields have their names in the attributes. Default: none; a field that stands in no table is `geneve.<name>`. */
  readonly vendors?: readonly Vendor[]
  /** Default: `geneve.flow`. */
  readonly eventName?: string
}

export const INFO = 9

/** Says flows as log events: names of the semantic conventions where there are any, else `geneve.*`. */
export class FlowEvents {
  readonly #names: ReadonlyMap<string, Name>
  readonly #eventName: string

  /** @throws TypeError for an option that cannot be */
  constructor(options: FlowEventOptions = {}) {
    const { eventName = 'geneve.flow' } = options
    if (eventName === '') throw new TypeError('eventName: an event has a name')
    this.#eventName = eventName
    this.#names = attributeNames(options.vendors)
  }

  /** The event of a flow; or why there is none. */
  event(flow: FlowRecord): FlowEvent | Rejected {
    if (instantNanos(flow.start) === undefined || instantNanos(flow.end) === undefined)
      return { rejected: 'the time is not within the years 1970 to 2262' }
    const attributes = present({ ...ownAttributes(flow), ...this.#telemetry(flow) })
    for (const [name, value] of Object.entries(attributes)) {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value]
      if (values.some((one) => typeof one === 'number' && !isSayable(one))) return { rejected: `${name} is ${String(value)}` }
    }
    return { eventName: this.#eventName, timestamp: timeOf(flow.end), severityNumber: INFO, attributes }
  }

  #telemetry({ telemetry = {} }: FlowRecord): Record<string, string | number | boolean> {
    const attributes: Record<string, string | number | boolean> = {}
    for (const [name, value] of Object.values(telemetry).flatMap((fields) => Object.entries(fields))) {
      const { otel } = this.#names.get(name) ?? unlistedName(name)
      for (const [key, one] of parts(otel, value)) attributes[key] = typeof one === 'bigint' ? String(one) : one
    }
    return attributes
  }
}

function ownAttributes(flow: FlowRecord): Record<string, EventValue | undefined> {
  const { forward, reverse } = flow
  return {
    [OBSERVER]: flow.observer,
    [ORIGIN]: originOf(flow.id),
    'geneve.flow.id': flow.flow,
    'geneve.flow.part': flow.part,
    'geneve.flow.final': flow.final,
    'geneve.flow.end_reason': flow.reason,
    'geneve.flow.end_code': FLOW_ENDS[flow.reason],
    'geneve.flow.state': flow.state,
    'geneve.flow.asymmetric': flow.asymmetric,
    'geneve.flow.community_id': flow.communityId,
    [WEIGHT]: flow.weight,
    'geneve.flow.initiator_by': flow.initiator,
    'geneve.flow.start': instantNanos(flow.start),
    'geneve.flow.duration': Number(nanosBetween(flow.start, flow.end)) / 1e9,
    'source.address': flow.source,
    'source.port': flow.sourcePort,
    'destination.address': flow.destination,
    'destination.port': flow.destinationPort,
    'network.type': `ipv${flow.version}`,
    'network.transport': protocolName(flow.protocol),
    'geneve.icmp.type': flow.icmpType,
    'geneve.icmp.code': flow.icmpCode,
    'geneve.vlan.ids': flow.vlan.length > 0 ? flow.vlan : undefined,
    'geneve.encapsulation': flow.encapsulation.length > 0 ? flow.encapsulation : undefined,
    'geneve.inner.source.address': flow.firstSource,
    'geneve.inner.destination.address': flow.firstDestination,
    'geneve.tunnel.source.address': flow.outerSource,
    'geneve.tunnel.destination.address': flow.outerDestination,
    ...sideAttributes('forward', forward),
    ...sideAttributes('reverse', reverse),
  }
}

function sideAttributes(way: 'forward' | 'reverse', side: FlowSide): Record<string, EventValue | undefined> {
  return {
    [`geneve.flow.${way}.packets`]: side.packets,
    [`geneve.flow.${way}.bytes`]: side.bytes,
    [`geneve.flow.${way}.tunnel_bytes`]: side.tunnelBytes,
    [`geneve.flow.${way}.tcp_flags`]: side.tcpFlags === 0 ? undefined : tcpFlagsText(side.tcpFlags),
    [`geneve.flow.${way}.returned_packets`]: side.returnedPackets,
    [`geneve.flow.${way}.returned_bytes`]: side.returnedBytes,
    [`geneve.flow.${way}.vni`]: side.vni,
  }
}

/** A field with several values is as many attributes. */
function parts(name: string, value: FieldValue): readonly (readonly [string, string | number | bigint | boolean])[] {
  if (typeof value !== 'object') return [[name, value]]
  return Object.entries(value).map(([key, one]) => [`${name}.${key}`, one])
}

function present(attributes: Record<string, EventValue | undefined>): FlowEvent['attributes'] {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as FlowEvent['attributes']
}

/** Whole numbers are integers of 64 bits in OTLP. */
export function isSayable(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}
