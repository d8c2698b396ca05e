import type { FlowRecord, MetricRecord, PacketRecord } from '@geneve-telemetry/core'
import { sampleFlowRecord, sampleMetricRecord, samplePacketRecord } from '@geneve-telemetry/core/testing'

const ADDRESSES = 5_000

/** Packets that differ as those of a capture do: frame, time, who speaks. */
export function packets(count: number): readonly PacketRecord[] {
  const sample = samplePacketRecord()
  return Array.from({ length: count }, (_, index) => ({
    ...sample,
    id: `bench-${index}`,
    frame: index + 1,
    time: { seconds: sample.time.seconds + Math.floor(index / 1000), nanos: (index % 1000) * 1_000_000 },
    packet:
      sample.packet.inner === undefined ? sample.packet : { ...sample.packet, inner: { ...sample.packet.inner, source: address(index) } },
  }))
}

export function flows(count: number): readonly FlowRecord[] {
  const sample = sampleFlowRecord()
  return Array.from({ length: count }, (_, index) => ({
    ...sample,
    id: `bench-f${index}-0`,
    flow: `bench-f${index}`,
    frame: index + 1,
    source: address(index),
    forward: { ...sample.forward, packets: index + 1 },
  }))
}

/** One interval of so many series. */
export function series(count: number, minute = 0): readonly MetricRecord[] {
  const sample = sampleMetricRecord()
  const seconds = sample.start.seconds + 60 * minute
  return Array.from({ length: count }, (_, vni) => ({
    ...sample,
    id: `bench-traffic-${vni}-${minute}`,
    attributes: { ...sample.attributes, vni },
    start: { seconds, nanos: 0 },
    end: { seconds: seconds + 60, nanos: 0 },
    points: Object.fromEntries(
      ['packets', 'bytes', 'tunnel_bytes', 'flows'].map((name, figure) => [name, { type: 'sum', value: 1000 ** figure + vni }]),
    ),
  }))
}

function address(index: number): string {
  const host = index % ADDRESSES
  return `10.1.${host >> 8}.${host & 255}`
}
