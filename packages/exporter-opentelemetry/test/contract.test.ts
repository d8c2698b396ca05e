import { testFormat } from '@geneve-telemetry/core/testing'
import { test } from 'vitest'
import opentelemetry from '../src/index.ts'
import { example, traffic } from './records.ts'

interface Request {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly gauge?: { readonly dataPoints: readonly unknown[] }
        readonly sum?: { readonly dataPoints: readonly unknown[] }
      }[]
    }[]
  }[]
}

const FIGURES = Object.keys(traffic.points).length

/** How many records are in bodies that follow each other, one request in a line. */
function recordsIn(body: Uint8Array): number {
  const lines = new TextDecoder('utf-8', { fatal: true }).decode(body).split('\n').slice(0, -1)
  const requests = lines.map((line) => JSON.parse(line) as Request)
  const metrics = requests.flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
  )
  const points = metrics.flatMap(({ sum, gauge }) => (sum ?? gauge)?.dataPoints ?? [])
  return points.length / FIGURES
}

testFormat(
  () => opentelemetry({ vendors: [example] }),
  { parse: recordsIn, records: [traffic, { ...traffic, id: '0a1b-traffic-11' }] },
  test,
)
