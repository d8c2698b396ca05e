import { isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord, testFormat } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import tsv from '../../examples/custom-exporter/tsv.ts'

const lines = (body: Uint8Array): string[] => new TextDecoder().decode(body).split('\n').slice(0, -1)

testFormat(tsv, { parse: (body) => lines(body).length }, test)

test('writes a flow as a line', () => {
  const flow = sampleFlowRecord()
  const encoded = tsv().encode(flow)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  const [line] = lines(tsv().body([encoded]))
  expect(line?.split('\t')).toEqual([
    String(flow.start.seconds),
    flow.source,
    flow.destination,
    String(flow.forward.packets + flow.reverse.packets),
    String(flow.forward.bytes + flow.reverse.bytes),
  ])
})
