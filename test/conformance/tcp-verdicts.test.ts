import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TCP_VERDICTS } from '@geneve-telemetry/analytics'
import { afterAll, describe, expect, test } from 'vitest'
import { command, ROOT } from '../command.ts'
import { TCP_DIFFERENCES, type TcpDifferentPacket } from './tcp-differences.ts'
import { framesInManyScopes, generatedLeg } from './tcp-generated.ts'
import { ownFindings } from './tcp-own.ts'
import { randomTcp } from './tcp-random.ts'
import { type TcpFinding, tsharkFindings } from './tcp-tshark.ts'

// Whether our verdicts on TCP packets are those of tshark, run on the same captures.

const FOLDER = join(process.env['SHARED_DIR'] ?? join(ROOT, '../shared'), 'captures')
const SEEDS = [1, 2, 3, 4, 5]
const RANDOM_PACKETS = 20_000
const LEAST_OF_A_KIND = 1000
/** One copy of each packet of these is compared. Time without a packet comes with a low rate. */
const IMPAIRED = [
  { packets: 170_000, rate: 20_000, impair: { loss: 0.05, reorder: 0.05, duplicate: 0.02, 'zero-window': 0.9, wrap: 0.2 } },
  { packets: 120_000, rate: 1000, impair: { loss: 0.06, reorder: 0.05, duplicate: 0.02, 'zero-window': 0.5, keepalive: 0.9, wrap: 0.2 } },
]
/** No impairment makes these: the tap misses nothing that arrives, and ports are used again in peace. Random connections have enough of them. */
const UNMADE: ReadonlySet<string> = new Set(['reused_ports', 'ack_lost_segment'])
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

async function compareTcp(capture: string, path: string, without: ReadonlySet<number> = new Set()): Promise<Compared> {
  const [theirs, ours] = [await tsharkFindings(path, portOf(capture)), await ownFindings(path, portOf(capture))]
  const frames = [...new Set([...theirs.keys(), ...ours.keys()])]
    .filter((frame) => !without.has(frame))
    .sort((first, second) => first - second)
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

/** Of all captures of a suite: by kind, how many packets both sides give it, and one side only. */
class Tally {
  readonly #both = new Map<string, number>()
  readonly #one = new Map<string, number>()

  add({ both, one }: Compared): void {
    for (const kind of TCP_VERDICTS) {
      this.#both.set(kind, (this.#both.get(kind) ?? 0) + (both[kind] ?? 0))
      this.#one.set(kind, (this.#one.get(kind) ?? 0) + (one[kind] ?? 0))
    }
  }

  expectEnough(kinds: readonly string[]): void {
    const rows = kinds.map((kind) => ({ kind, both: this.#both.get(kind) ?? 0, one: this.#one.get(kind) ?? 0 }))
    console.table(rows)
    for (const { kind, both, one } of rows) {
      expect(both + one, kind).toBeGreaterThanOrEqual(LEAST_OF_A_KIND)
      expect(both / (both + one), kind).toBeGreaterThanOrEqual(LEAST_AGREEMENT)
    }
  }
}

describe.skipIf(!hasTshark)(`TCP verdicts on captures that are made, as tshark gives them${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tcp-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'made.pcap')
  const random = new Tally()
  const generated = new Tally()

  test.each(SEEDS)('random connections, seed %i: no packet differs', async (seed) => {
    writeFileSync(path, randomTcp(seed, RANDOM_PACKETS))
    const compared = await compareTcp(`seed ${seed}`, path)
    random.add(compared)
    expect(compared.packets).toBeGreaterThanOrEqual(RANDOM_PACKETS)
    expect(compared.differences).toEqual([])
  })

  test('of random connections there are enough packets of each kind, and their verdicts agree', () => {
    random.expectEnough(TCP_VERDICTS)
  })

  const networks = SEEDS.flatMap((seed) => IMPAIRED.map((options) => ({ seed, ...options })))

  test.each(networks)(
    'a network that is made up, seed $seed, rate $rate: no packet differs but of ends in many scopes',
    async (options) => {
      writeFileSync(path, generatedLeg(options))
      const ambiguous = await framesInManyScopes(path)
      const compared = await compareTcp('network', path, ambiguous)
      generated.add(compared)
      expect(compared.packets - ambiguous.size).toBeGreaterThan(options.packets / 3)
      expect(compared.differences).toEqual([])
    },
  )

  test('of networks that are made up there are enough packets of each kind that their impairments make', () => {
    generated.expectEnough(TCP_VERDICTS.filter((kind) => !UNMADE.has(kind)))
  })
})
