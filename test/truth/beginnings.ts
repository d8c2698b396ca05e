import type { FlowRecord, Instant } from '@geneve-telemetry/core'
import type { FlowTruth, SideTruth } from '@geneve-telemetry/generator'

/** When a flow's first packet came, and between which ends it went: from the initiator to the responder. */
export interface Beginning {
  readonly start: Instant
  readonly scope: string
  readonly protocol: number
  readonly ends: readonly string[]
}

/** By the number of the first frame. */
export function trueBeginnings(flows: readonly FlowTruth[]): ReadonlyMap<number, Beginning> {
  const end = ({ address, port }: SideTruth, echo: number | undefined): string => `${address} ${echo === undefined ? port : 0}`
  return new Map(
    flows.map(({ first_frame, start, scope, protocol, initiator, responder, icmp_id: echo }) => [
      first_frame,
      { start, scope, protocol, ends: [end(initiator, echo), end(responder, echo)] },
    ]),
  )
}

/** The same of flow records. A part that is not the first does not begin a flow. */
export function beginnings(flows: readonly FlowRecord[]): ReadonlyMap<number, Beginning> {
  return new Map(
    flows
      .filter(({ part }) => part === 0)
      .map(({ frame, start, protocol, source, sourcePort = 0, destination, destinationPort = 0, telemetry }) => [
        frame,
        {
          start,
          scope: String(telemetry?.['Amazon']?.['gwlb_endpoint_id']),
          protocol,
          ends: [`${source} ${sourcePort}`, `${destination} ${destinationPort}`],
        },
      ]),
  )
}
