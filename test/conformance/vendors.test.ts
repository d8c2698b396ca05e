import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCapture } from '@geneve-telemetry/capture'
import type { Telemetry } from '@geneve-telemetry/core'
import { describe, expect, test } from 'vitest'
import { type GoldenRow, readGolden } from './golden.ts'
import { sightings } from './sighting.ts'

/** The folder of captures beside the repository, or in SHARED_DIR. */
const FOLDER = join(process.env['SHARED_DIR'] ?? fileURLToPath(new URL('../../../shared', import.meta.url)), 'captures')

if (!existsSync(FOLDER)) {
  test('captures', ({ skip }) => {
    const reason = `skipped: there are no captures in ${FOLDER}; put the folder 'shared' beside the repository, or name it in SHARED_DIR`
    console.log(reason)
    skip(reason)
  })
}

/** What vendors' options say in each frame that tshark decodes as GENEVE, beside tshark's row. */
async function told(capture: string): Promise<readonly { readonly row: GoldenRow; readonly telemetry: Telemetry; readonly vni: number }[]> {
  const { rows } = readGolden(FOLDER, capture)
  const all: { row: GoldenRow; telemetry: Telemetry; vni: number }[] = []
  for await (const { record } of sightings(openCapture(join(FOLDER, capture)), [6081])) {
    const row = rows.get(record.frame)
    const { geneve, telemetry = {} } = record.packet
    if (row !== undefined && geneve !== undefined) all.push({ row, telemetry, vni: geneve.vni })
  }
  return all
}

describe.skipIf(!existsSync(FOLDER))("vendors' options in captures of their own senders", () => {
  test.each(['ovn-v4.pcap', 'ovn-v4.pcapng', 'RECON-ovn-kubernetes.pcap', 'ovs-ovn-crit-v4.pcap'])(
    '%s: the two ports are the two halves of the word that tshark shows',
    async (capture) => {
      const packets = await told(capture)
      expect(packets.length).toBeGreaterThan(0)
      for (const { row, telemetry } of packets) {
        const [word = ''] = row.list('geneve.option.unknown.data')
        const ports = { ovn_ingress_port: Number.parseInt(word.slice(0, 4), 16), ovn_egress_port: Number.parseInt(word.slice(4), 16) }
        expect(telemetry).toEqual({ OVN: ports })
      }
    },
  )

  test('ovn-v4.pcap: ports are tunnel keys in the database from which OVN took them', async () => {
    const database = readFileSync(join(FOLDER, 'ovn-keys.txt'), 'utf8')
    const keysBelow = (title: string): readonly number[] =>
      [...(database.split(`${title}:`)[1]?.split('\n\n')[0] ?? '').matchAll(/tunnel_key +: (\d+)/g)].map(([, key]) => Number(key))
    const ports = keysBelow('port keys')
    const groups = keysBelow('multicast groups')
    const datapaths = keysBelow('logical datapaths (tunnel key = VNI)')
    expect([ports.length, groups.length, datapaths.length]).not.toContain(0)
    const seen = await told('ovn-v4.pcap')
    for (const { telemetry, vni } of seen) {
      expect(datapaths).toContain(vni)
      expect(ports).toContain(telemetry['OVN']?.['ovn_ingress_port'])
      expect([...ports, ...groups]).toContain(telemetry['OVN']?.['ovn_egress_port'])
    }
    expect(seen.some(({ telemetry }) => groups.includes(Number(telemetry['OVN']?.['ovn_egress_port'])))).toBe(true)
  })

  test('tcpdump-geneve-gcp.pcap: what tshark shows of it', async () => {
    const [packet] = await told('tcpdump-geneve-gcp.pcap')
    const { row } = packet!
    expect(packet?.telemetry).toEqual({
      Google: {
        google_network_id: Number(row.text('geneve.option.gcp.vnid')),
        google_direction: row.text('geneve.option.gcp.direction') === '1' ? 'egress' : 'ingress',
        google_endpoint_id: row.text('geneve.option.gcp.endpoint'),
        google_profile_id: Number(row.text('geneve.option.gcp.profile')).toString(16).padStart(16, '0'),
      },
    })
  })

  test.each(['oxide-overwatch-issue14.pcap', 'oxide-opte-inner-vlan-snapped.pcap'])(
    '%s: an option without data says something',
    async (capture) => {
      const packets = await told(capture)
      expect(packets.map(({ row }) => row.text('geneve.option'))).toEqual(['01290000'])
      expect(packets.map(({ telemetry }) => telemetry)).toEqual([{ Oxide: { oxide_external: true } }])
    },
  )

  test('options of other lengths than their vendor gives them are left raw', async () => {
    // Open vSwitch was told to write 8 bytes into Google's types 2 and 0x83, and Zeek has text in options of Linux's class.
    for (const { telemetry } of await told('ovs-gcp-v4.pcap'))
      expect(Object.keys(telemetry['Google'] ?? {})).toEqual(['google_network_id', 'google_direction'])
    for (const { telemetry } of await told('zeek-geneve-many-options.pcap')) expect(telemetry).toEqual({})
  })
})
