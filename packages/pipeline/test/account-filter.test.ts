import { type GeneveOptionFields, genevePacket, LINKTYPE } from '@geneve-telemetry/core/testing'
import { builtInVendors, OptionTable, type Vendor } from '@geneve-telemetry/core/vendors'
import { amazon } from '@geneve-telemetry/core/vendors/aws'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AccountFilter, type AccountSelection, UNKNOWN, UNWANTED, WANTED } from '../src/account-filter.ts'
import { PacketFilter } from '../src/filter.ts'
import { imbalances, type PacketAccount } from '../src/ledger.ts'
import { run } from '../src/run.ts'
import { type Frame, framesSource } from './frames.ts'

const table = new OptionTable(builtInVendors)
const rules = new DecodeRules([6081], table.roles)
const RECORD = 0x0105
const ACCOUNT = 2
const NUMBERED = 127
const [PRODUCTION, STAGING, OTHER] = ['123456789012', '000000000042', '999999999999'] as const

/** 8 bytes, big-endian. */
function accountData(account: string): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(account))
  return bytes
}

const says = (account: string): GeneveOptionFields => ({ class: RECORD, type: ACCOUNT, data: accountData(account) })
const packetOf = (...options: readonly GeneveOptionFields[]): Frame => ({ bytes: genevePacket({ options }) })

/** The frames that reach the analyzers, and the ledger. */
async function filtered(
  selection: AccountSelection,
  frames: readonly Frame[],
  expressions: readonly string[] = [],
): Promise<{ readonly seen: readonly number[]; readonly packets: PacketAccount }> {
  const seen: number[] = []
  const stage = { packet: ({ frame }: { frame: number }) => void seen.push(frame), advance: () => undefined, finish: () => undefined }
  const { packets } = await run({
    source: framesSource(frames, 4),
    rules,
    observer: 'test',
    accounts: new AccountFilter(selection, table),
    filter: new PacketFilter(expressions, table),
    stage: () => stage,
  })
  expect(imbalances(packets)).toEqual([])
  return { seen, packets }
}

const MIXED = [
  packetOf(says(PRODUCTION)),
  packetOf(says(OTHER)),
  packetOf(),
  packetOf({ class: RECORD, type: 1, words: 1 }, says(STAGING), { class: 0x0108, type: 1, words: 2 }),
  packetOf({ class: RECORD, type: 1, words: 1 }),
  packetOf(says(OTHER)),
]

describe('the account filter', () => {
  test('`only` keeps nothing whose account is unknown, and counts it apart', async () => {
    const { seen, packets } = await filtered({ only: [PRODUCTION, STAGING] }, MIXED)
    expect(seen).toEqual([1, 4])
    expect(packets).toMatchObject({ analyzed: 2, filtered: { account: 2, 'account-unknown': 2 } })
    expect(packets).not.toHaveProperty('ofUnknownAccount')
  })

  test('`except` keeps what is unknown, and counts it apart', async () => {
    const { seen, packets } = await filtered({ except: [OTHER] }, MIXED)
    expect(seen).toEqual([1, 3, 4, 5])
    expect(packets).toMatchObject({ analyzed: 4, filtered: { account: 2 }, ofUnknownAccount: 2 })
  })

  test('stands behind the filter, whose keys come first', async () => {
    const frames = [...MIXED, { bytes: genevePacket({ vni: 7, options: [says(PRODUCTION)] }) }, { bytes: genevePacket({ vni: 7 }) }]
    const { seen, packets } = await filtered({ only: [PRODUCTION] }, frames, ['vni=7', 'port=80'])
    expect(seen).toEqual([7])
    expect(packets.filtered).toEqual({ vni: 6, 'account-unknown': 1 })
  })

  test('leaves frames to the analyzers that are no GENEVE, and makes no packet of theirs unknown', async () => {
    const frames = [{ bytes: genevePacket().slice(0, 46) }, { bytes: genevePacket(), linkType: 999 }, packetOf(says(OTHER))]
    const { seen, packets } = await filtered({ except: [OTHER] }, frames)
    expect(seen).toEqual([1, 2])
    expect(packets).not.toHaveProperty('ofUnknownAccount')
  })

  test.each([
    ['the first of several', [says(PRODUCTION), says(OTHER)], [1]],
    ['the first of several, also where it says none', [{ class: RECORD, type: ACCOUNT, words: 1 }, says(PRODUCTION)], []],
    ['a number of more than 12 digits', [says('1000000000000')], []],
    ['a critical option', [{ ...says(PRODUCTION), type: 0x80 | ACCOUNT }], []],
    ['an option of another class', [{ ...says(PRODUCTION), class: 0x0104 }], []],
    [
      'a number in the data',
      [{ class: RECORD, type: NUMBERED, data: new Uint8Array([0, ACCOUNT, ...accountData(PRODUCTION), 0, 0]) }],
      [1],
    ],
    ['another number in the data', [{ class: RECORD, type: NUMBERED, data: new Uint8Array([0, 3, ...accountData(PRODUCTION), 0, 0]) }], []],
    ['no number in the data', [{ class: RECORD, type: NUMBERED }, says(PRODUCTION)], [1]],
  ])('takes what the record says: %s', async (_, options, seen) => {
    const frame = packetOf(...options)
    expect((await filtered({ only: [PRODUCTION] }, [frame])).seen).toEqual(seen)
    // As the record's own decoder has it.
    const view = new DataView(new Uint8Array(frame.bytes).buffer)
    const start = 14 + 20 + 8 + 8
    const end = start + (view.getUint8(14 + 20 + 8) & 0x3f) * 4
    const told = amazon.record?.decode(view, start, end)?.values['account_id']
    expect(told === PRODUCTION).toBe(seen.length === 1)
  })

  test('says what the decoder of the record says, whatever the options are', () => {
    const account = fc.constantFrom(PRODUCTION, OTHER, '1000000000000').map(accountData)
    const numbered = fc
      .tuple(fc.constantFrom(ACCOUNT, 3), account, fc.nat(1))
      .map(([number, data, padding]) => new Uint8Array([0, number, ...data, padding, 0]))
    const data = fc.oneof(
      account,
      numbered,
      fc.nat(4).chain((words) => fc.uint8Array({ minLength: 4 * words, maxLength: 4 * words })),
    )
    const option = fc.record({ class: fc.constantFrom(RECORD, 0x0104), type: fc.constantFrom(ACCOUNT, 0x80 | ACCOUNT, NUMBERED, 3), data })
    const filter = new AccountFilter({ only: [PRODUCTION] }, table)
    const packet = new PacketView(rules)
    fc.assert(
      fc.property(fc.array(option, { maxLength: 5 }), (options) => {
        const { buffer, byteLength } = genevePacket({ options })
        decodePacket(new DataView(buffer), 0, byteLength, LINKTYPE.ethernet, packet)
        const told = amazon.record?.decode(packet.view, packet.optionsStart, packet.optionsEnd)?.values['account_id']
        expect(filter.verdictOf(packet)).toBe(told === undefined ? UNKNOWN : told === PRODUCTION ? WANTED : UNWANTED)
      }),
      { numRuns: 2000 },
    )
  })

  test('asks what else knows it where the packet does not say', async () => {
    const asked: number[] = []
    const otherwise: AccountSelection['otherwise'] = ({ frame }) => {
      asked.push(frame)
      return frame === 3 ? STAGING : undefined
    }
    const { seen, packets } = await filtered({ only: [STAGING], otherwise }, MIXED)
    expect([seen, asked]).toEqual([
      [3, 4],
      [3, 5],
    ])
    expect(packets.filtered).toEqual({ account: 3, 'account-unknown': 1 })
  })

  test('agrees with comparing texts, for any packets', async () => {
    const accounts = fc.constantFrom<string | undefined>(PRODUCTION, STAGING, OTHER, undefined)
    const selection = fc.oneof(
      fc.record({ only: fc.subarray([PRODUCTION, STAGING, OTHER], { minLength: 1 }) }),
      fc.record({ except: fc.subarray([PRODUCTION, STAGING, OTHER], { minLength: 1 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(accounts, { maxLength: 20 }), selection, async (told, chosen) => {
        const { only, except } = chosen as AccountSelection
        const { seen } = await filtered(
          chosen,
          told.map((account) => (account === undefined ? packetOf() : packetOf(says(account)))),
        )
        const wanted = told.flatMap((account, index) => {
          const isKept = account === undefined ? only === undefined : !except?.includes(account) && (only?.includes(account) ?? true)
          return isKept ? [index + 1] : []
        })
        expect(seen).toEqual(wanted)
      }),
    )
  })

  test('takes an account from an option of its own, too', () => {
    const [field] = amazon.record!.fields.filter(({ role }) => role === 'account')
    const acme: Vendor = { name: 'Acme', options: [{ optionClass: 0xfff0, type: 9, length: 8, fields: [field!], source: 'this test' }] }
    expect(() => new AccountFilter({ only: [PRODUCTION] }, new OptionTable([acme]))).not.toThrow()
  })
})

describe('what cannot be', () => {
  test.each([
    [{}, /at least one account is needed/],
    [{ only: [], except: [OTHER] }, /at least one account is needed/],
    [{ except: [] }, /at least one account is needed/],
    [{ only: ['12345678901'] }, /'12345678901' cannot be; allowed is 12 digits/],
    [{ except: ['1234-5678-9012'] }, /allowed is 12 digits/],
    [{ only: [PRODUCTION, STAGING], except: [STAGING] }, /000000000042 is in only and in except/],
  ])('%o', (selection, message) => {
    expect(() => new AccountFilter(selection, table)).toThrow(TypeError)
    expect(() => new AccountFilter(selection, table)).toThrow(message)
  })

  test('tables that know no account', () => {
    const none = new OptionTable([])
    expect(() => new AccountFilter({ only: [PRODUCTION] }, none)).toThrow(/no option of the vendor tables/)
    expect(() => new AccountFilter({ only: ['shop'], otherwise: () => 'shop' }, none)).not.toThrow()
  })
})
