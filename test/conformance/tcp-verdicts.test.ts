import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TCP_VERDICTS } from '@geneve-telemetry/analytics'
import { afterAll, describe, expect, test } from 'vitest'
import { command, ROOT } from '../command.ts'
import { TCP_DIFFERENCES, type TcpDifferentPacket } from './tcp-differences.ts'
import { ownFindings } from './tcp-own.ts'
import { randomTcp } from './tcp-random.ts'
import { type TcpFinding, tsharkFindings } from './tcp-tshark.ts'

// Whether our verdicts on TCP packets are those of tshark, run on the same captures.

const FOLDER = join(process.env['SHARED_DIR'] ?? join(ROOT, '../shared'), 'captures')
const SEEDS = [1, 2, 3, 4, 5]
const RANDOM_PACKETS = 20_000
const LEAST_OF_A_KIND = 1000
/** Per kind, of the packets of which either side says it, those of which both do. */
const LEAST_AGREEMENT = 0.995

const hasTshark = await command('tshark', ['--version']).then(
  () => true,
  () => false,
)
const CAPTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.pcap(ng)?$/.test(name)) : []
const reason = hasTshark ? '' : ' (skipped: tshark is not installed)'
const shared = CAPTURES.length === 0 ? ` (skipped: there are no captures in ${FOLDER}; name their folder in SHARED_DIR)` : ''

/** One capture was made with another port. */
const portOf = (capture: string): number => (capture === 'ovs-port6082-v4.pcap' ? 6082 : 6081)

/** `lost_segment, ack_lost_segment; ack 0.015000000; initial 0.02; flight 100`, without what is not said; `nothing` where nothing is. */
function findingText(finding: TcpFinding | undefined): string {
  if (finding === undefined) return 'nothing'
  const { verdicts, ackRttNanos, initialRttNanos, bytesInFlight } = finding
  const parts = [
    verdicts.join(', '),
    ackRttNanos === 0 ? '' : `ack ${ackRttNanos / 1e9}`,
    initialRttNanos === 0 ? '' : `initial ${initialRttNanos / 1e9}`,
    bytesInFlight === 0 ? '' : `flight ${bytesInFlight}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'nothing' : parts.join('; ')
}

interface Compared {
  readonly packets: number
  readonly differences: readonly TcpDifferentPacket[]
  /** By kind: of how many packets both say it, and one only. */
  readonly both: Readonly<Record<string, number>>
  readonly one: Readonly<Record<string, number>>
}

async function compareTcp(capture: string, path: string): Promise<Compared> {
  const [theirs, ours] = [await tsharkFindings(path, portOf(capture)), await ownFindings(path, portOf(capture))]
  const frames = [...new Set([...theirs.keys(), ...ours.keys()])].sort((first, second) => first - second)
  const differences: TcpDifferentPacket[] = []
  const both: Record<string, number> = {}
  const one: Record<string, number> = {}
  for (const frame of frames) {
    const [tshark, own] = [theirs.get(frame), ours.get(frame)]
    const texts = { tshark: findingText(tshark), ours: findingText(own) }
    if (texts.tshark !== texts.ours) differences.push({ capture, frame, ...texts })
    for (const kind of TCP_VERDICTS) {
      const says = Number(tshark?.verdicts.includes(kind) ?? false) + Number(own?.verdicts.includes(kind) ?? false)
      if (says > 0) (says === 2 ? both : one)[kind] = ((says === 2 ? both : one)[kind] ?? 0) + 1
    }
  }
  return { packets: theirs.size, differences, both, one }
}

describe.skipIf(!hasTshark || CAPTURES.length === 0)(`TCP verdicts on captures, as tshark gives them${reason}${shared}`, () => {
  const listed = TCP_DIFFERENCES.flatMap(({ packets }) => packets)

  test.concurrent.each(CAPTURES)('%s', async (capture) => {
    const { differences } = await compareTcp(capture, join(FOLDER, capture))
    expect(differences).toEqual(listed.filter((packet) => packet.capture === capture))
  })

  test('every difference that is listed is in a capture that was read', () => {
    expect(listed.filter(({ capture }) => !CAPTURES.includes(capture))).toEqual([])
  })
})

describe.skipIf(!hasTshark)(`TCP verdicts on random connections, as tshark gives them${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tcp-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const both = new Map<string, number>()
  const one = new Map<string, number>()

  test.each(SEEDS)('seed %i: no packet differs', async (seed) => {
    const path = join(folder, `${seed}.pcap`)
    writeFileSync(path, randomTcp(seed, RANDOM_PACKETS))
    const compared = await compareTcp(`seed ${seed}`, path)
    for (const kind of TCP_VERDICTS) {
      both.set(kind, (both.get(kind) ?? 0) + (compared.both[kind] ?? 0))
      one.set(kind, (one.get(kind) ?? 0) + (compared.one[kind] ?? 0))
    }
    expect(compared.packets).toBeGreaterThanOrEqual(RANDOM_PACKETS)
    expect(compared.differences).toEqual([])
  })

  test('of all seeds there are enough packets of each kind, and their verdicts agree', () => {
    const shares = TCP_VERDICTS.map((kind) => ({ kind, both: both.get(kind) ?? 0, one: one.get(kind) ?? 0 }))
    console.table(shares)
    for (const { kind, both, one } of shares) {
      expect(both + one, kind).toBeGreaterThanOrEqual(LEAST_OF_A_KIND)
      expect(both / (both + one), kind).toBeGreaterThanOrEqual(LEAST_AGREEMENT)
    }
  })
})
