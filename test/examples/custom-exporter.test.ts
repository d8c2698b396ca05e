import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRejected } from '@geneve-telemetry/core'
import { sampleFlowRecord, testFormat } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import tsv from '../../examples/custom-exporter/tsv.ts'
import { Example, program } from './example.ts'

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

test('the program writes what its README says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geneve-telemetry-'))
  try {
    await program('run', 'examples/captures/gwlb.pcap', '--to', `./examples/custom-exporter/tsv.ts=file:${folder}`)
    expect(readFileSync(join(folder, 'flows.tsv'), 'utf8')).toBe(new Example('custom-exporter').file('expected.tsv'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
