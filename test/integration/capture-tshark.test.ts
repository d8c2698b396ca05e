import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openCapture } from '@geneve-telemetry/capture'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, ROOT } from '../command.ts'

// Whether frames, times, lengths, link types and bytes are what TShark reads from the same file.

const SHARED = join(ROOT, '../shared/captures')
const hasTshark = await command('tshark', ['--version']).then(
  () => true,
  () => false,
)
const missing = !existsSync(SHARED) ? `${SHARED} is not there` : hasTshark ? undefined : 'tshark is not installed'
const reason = missing === undefined ? '' : ` (skipped: ${missing})`

const FIELDS = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.md5_hash', 'frame.packet_flags_direction']

interface Row {
  readonly number: number
  readonly time: string
  readonly length: number
  readonly captured: number
  readonly digest: string
  readonly direction: number
}

async function tsharkRows(path: string): Promise<Row[]> {
  const options = ['-n', '-o', 'frame.generate_md5_hash:TRUE', '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])]
  const { stdout } = await command('tshark', ['-r', path, ...options])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [number, time, length, captured, digest, direction] = line.split('\t')
      return {
        number: Number(number),
        time: time!,
        length: Number(length),
        captured: Number(captured),
        digest: digest!,
        direction: Number(direction),
      }
    })
}

async function ownRows(path: string): Promise<Row[]> {
  const rows: Row[] = []
  const source = openCapture(path, { chunkBytes: 4096 })
  for await (const { view, count, firstFrame, offset, end, wireLength, seconds, nanos, direction } of source) {
    for (let i = 0; i < count; i++) {
      const captured = end[i]! - offset[i]!
      rows.push({
        number: firstFrame + i,
        time: `${seconds[i]}.${String(nanos[i]).padStart(9, '0')}`,
        length: wireLength[i]!,
        captured,
        digest: hash('md5', new Uint8Array(view.buffer, view.byteOffset + offset[i]!, captured)),
        direction: direction[i]!,
      })
    }
  }
  expect(source.damage).toBeUndefined()
  return rows
}

describe.skipIf(missing !== undefined)(`captures as TShark reads them${reason}`, () => {
  const captures = missing === undefined ? readdirSync(SHARED).filter((name) => /\.pcap(ng)?$/.test(name)) : []

  test.concurrent.each(captures)('%s', async (name) => {
    const path = join(SHARED, name)
    expect(await ownRows(path)).toEqual(await tsharkRows(path))
  })

  describe('rewritten', () => {
    const folder = mkdtempSync(join(tmpdir(), 'capture-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const merged = join(folder, 'merged.pcapng')

    // Ethernet in microseconds and nanoseconds, two cooked links and raw IP.
    beforeAll(async () => {
      const parts = [
        'ovs-gwlb-v4.pcap',
        'ovs-nano.pcap',
        'ovs-any-sll.pcap',
        'ovs-two-if.pcapng',
        'ovs-any-sll2.pcap',
        'RECON-aws-gwlb-hairpin.pcap',
      ]
      await command('mergecap', ['-a', '-w', merged, ...parts.map((name) => join(SHARED, name))])
    })

    test('into one pcapng file of many interfaces', async () => {
      const rows = await ownRows(merged)
      expect(rows.length).toBeGreaterThan(200)
      expect(rows).toEqual(await tsharkRows(merged))
    })

    test('into two pcapng sections', async () => {
      const path = join(folder, 'sections.pcapng')
      const section = readFileSync(join(SHARED, 'ovs-two-if.pcapng'))
      writeFileSync(path, Buffer.concat([readFileSync(merged), section]))
      expect(await ownRows(path)).toEqual(await tsharkRows(path))
    })

    test.each(['pcap', 'nsecpcap', 'modpcap', 'pcapng'])('by editcap as %s', async (format) => {
      const path = join(folder, format)
      await command('editcap', ['-F', format, '-s', '90', join(SHARED, 'ovs-nano.pcap'), path])
      expect(await ownRows(path)).toEqual(await tsharkRows(path))
    })

    test.each(['ovs-nano.pcap', 'ovs-iperf3.pcapng'])('by gzip: %s', async (name) => {
      const path = join(folder, `${basename(name)}-packed`)
      writeFileSync(path, gzipSync(readFileSync(join(SHARED, name))))
      expect(await ownRows(path)).toEqual(await tsharkRows(path))
    })
  })
})
