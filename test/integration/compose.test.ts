import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { command, ROOT } from '../command.ts'

// What docker/compose.yml says, as the real docker-compose reads it.

const backends = join(process.env['SHARED_DIR'] ?? join(ROOT, '../shared'), 'backends/backends')
const docker = join(ROOT, 'docker')

interface Service {
  readonly image: string
  readonly profiles: readonly string[]
  readonly restart: string
  readonly healthcheck?: unknown
  readonly command?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly ports?: readonly { readonly host_ip?: string }[]
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[]
  readonly build?: { readonly context: string; readonly dockerfile: string }
}

describe.skipIf(!existsSync(backends))('docker/compose.yml (skipped: SHARED_DIR not set)', () => {
  let compose: readonly string[]
  let services: readonly (readonly [name: string, service: Service])[]
  const config = async (...args: readonly string[]): Promise<string> => {
    const [file = '', ...first] = compose
    return (await command(file, [...first, '-f', join(docker, 'compose.yml'), ...args], docker)).stdout
  }

  beforeAll(async () => {
    compose = (await command(backends, ['tool', 'docker-compose'])).stdout.trim().split(' ')
    const parsed = JSON.parse(await config('config', '--format', 'json')) as { services: Record<string, Service> }
    services = Object.entries(parsed.services)
  })

  test('starts all services with the profiles of docker/.env', async () => {
    const every = (await config('--profile', '*', 'config', '--services')).split('\n').toSorted()
    expect((await config('config', '--services')).split('\n').toSorted()).toEqual(every)
    expect(services.length).toBeGreaterThan(8)
  })

  test.each(['otel', 'elastic', 'influx'])('is whole with the profile %s alone', async (profile) => {
    const chosen = new Set(services.filter(([, { profiles }]) => profiles.includes(profile)).map(([name]) => name))
    expect([...chosen]).toContain(`program-${profile}`)
    for (const [name, { depends_on = {} }] of services) {
      if (!chosen.has(name)) continue
      for (const needed of Object.keys(depends_on)) expect([name, needed, chosen.has(needed)]).toEqual([name, needed, true])
    }
  })

  test('waits only for the health of what says how it is', () => {
    const healthy = new Set(services.filter(([, { healthcheck }]) => healthcheck !== undefined).map(([name]) => name))
    expect([...healthy].toSorted()).toEqual(['elasticsearch', 'grafana', 'influxdb', 'kibana', 'prometheus'])
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy') expect([name, needed, healthy.has(needed)]).toEqual([name, needed, true])
      }
    }
  })

  test('listens on this machine alone', () => {
    for (const [name, { ports = [] }] of services) for (const { host_ip } of ports) expect([name, host_ip]).toEqual([name, '127.0.0.1'])
  })

  test('mounts and builds what is in the repository', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.filter(({ type }) => type === 'bind').map(({ source }) => source))
    expect(mounted.map((source) => relative(docker, source)).toSorted()).toEqual([
      'grafana/dashboards',
      'grafana/provisioning',
      'kibana/geneve.ndjson',
      'otel-collector/config.yaml',
      'prometheus/prometheus.yml',
    ])
    for (const source of mounted) expect([source, existsSync(source)]).toEqual([source, true])
    for (const [, { build }] of services) if (build !== undefined) expect(existsSync(join(build.context, build.dockerfile))).toBe(true)
    expect(readFileSync(join(docker, 'Dockerfile'), 'utf8')).toContain('docker/capture/demo.pcap')
  })

  test('replays the capture for ever, as if it were now', () => {
    const programs = services.filter(([name]) => name.startsWith('program-'))
    for (const [, { command: words = [] }] of programs) expect(words.join(' ')).toMatch(/^run \/captures\/demo\.pcap --loop --time now /)
    const names = new Set(services.map(([name]) => name))
    for (const [name, { command: words = [] }] of programs) {
      const host = new URL(words.at(-1)?.replace(/^[a-z]+=/, '') ?? '').hostname
      expect([name, names.has(host)]).toEqual([name, true])
    }
  })
})
