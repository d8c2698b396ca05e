import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pcap } from '../../docker/capture/pcap.ts'
import { traffic } from '../../docker/capture/traffic.ts'
import { generated } from '../../docker/dashboards/generated.ts'
import { ROOT } from '../command.ts'

const docker = (path: string): string => join(ROOT, 'docker', path)

interface GrafanaPanel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource?: { readonly uid: string }
  readonly targets?: readonly { readonly refId: string }[]
}

test.each([...generated()])('docker/%s is what "pnpm dashboards" writes', (path, text) => {
  expect(readFileSync(docker(path), 'utf8')).toBe(text)
})

test('docker/capture/demo.pcap is what docker/capture/generate.ts writes', () => {
  expect(readFileSync(docker('capture/demo.pcap')).equals(pcap(traffic()))).toBe(true)
})

const sources = readFileSync(docker('grafana/provisioning/datasources/geneve.yaml'), 'utf8')

describe.each(['prometheus', 'influxdb'])('the dashboard of Grafana for %s', (name) => {
  const text = readFileSync(docker(`grafana/dashboards/${name}.json`), 'utf8')
  const { panels } = JSON.parse(text) as { panels: readonly GrafanaPanel[] }
  const answers = panels.filter(({ type }) => type !== 'row')

  test('gives each panel an id, a title, a reason to look at it and a query', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    expect(new Set(answers.map(({ title }) => title)).size).toBe(answers.length)
    for (const { title, description, targets } of answers) {
      expect([title, description, targets?.length]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./), expect.any(Number)])
      expect(targets?.map(({ refId }) => refId)).toEqual(['A', 'B', 'C'].slice(0, targets?.length))
    }
  })

  test('asks a data source that is provisioned', () => {
    for (const { datasource } of answers) expect(sources).toContain(`uid: ${datasource?.uid}\n`)
  })

  test('puts no panel upon another or beyond the right edge', () => {
    const taken = new Set<string>()
    for (const { title, gridPos } of panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true])
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false])
          taken.add(`${x} ${y}`)
        }
      }
    }
  })
})

test('the objects of Kibana refer to each other', () => {
  const objects = readFileSync(docker('kibana/geneve.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          type: string
          id: string
          attributes: { panelsJSON?: string }
          references: { type: string; id: string; name: string }[]
        },
    )
  const known = new Set(objects.map(({ type, id }) => `${type} ${id}`))
  const dashboard = objects.find(({ type }) => type === 'dashboard')
  const panels = JSON.parse(dashboard?.attributes.panelsJSON ?? '[]') as { panelIndex: string }[]
  expect(panels.length).toBeGreaterThan(0)
  expect(new Set(panels.map(({ panelIndex }) => panelIndex)).size).toBe(panels.length)
  for (const { panelIndex } of panels) {
    const reference = dashboard?.references.find(({ name }) => name === `${panelIndex}:indexpattern-datasource-layer-layer`)
    expect([panelIndex, known.has(`${reference?.type} ${reference?.id}`)]).toEqual([panelIndex, true])
  }
})

test('the images are pinned to a version', () => {
  const compose = [...readFileSync(docker('compose.yml'), 'utf8').matchAll(/^ +image: (.+)$/gm)].map(([, image]) => image)
  const built = [...readFileSync(docker('Dockerfile'), 'utf8').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  const foreign = [...compose, ...built].filter((image) => image !== 'geneve-telemetry:demo')
  expect(foreign.length).toBe(9)
  for (const image of foreign) expect(image).toMatch(/:v?\d+\.\d+\.\d+[-a-z0-9.]*$/)
})
