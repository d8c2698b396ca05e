import { genevePacket, ip, udp } from '@geneve-telemetry/core/testing'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PacketFilter } from '../src/filter.ts'
import { imbalances, total } from '../src/ledger.ts'
import { run } from '../src/run.ts'
import { type Frame, framesSource } from './frames.ts'

const geneve = genevePacket({ vni: 1 })
const rules = new DecodeRules()
const silent = { packet: () => undefined, advance: () => undefined, finish: () => undefined }

const FRAMES = {
  geneve: { bytes: geneve },
  elsewhere: { bytes: genevePacket({ vni: 2 }) },
  otherPort: { bytes: ip({}, udp({ sourcePort: 1, destinationPort: 2 })), linkType: 101 },
  unknownLink: { bytes: geneve, linkType: 999 },
  cut: { bytes: geneve.slice(0, 46) },
  version: { bytes: genevePacket({ version: 1 }) },
} satisfies Record<string, Frame>
type Name = keyof typeof FRAMES

describe('the packet ledger', () => {
  test('balances for any frames, in any chunks, and says where each went', async () => {
    const names = fc.array(fc.constantFrom(...(Object.keys(FRAMES) as Name[])), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 9 }), async (found, chunk) => {
        const filter = new PacketFilter(['vni=1'], new OptionTable(builtInVendors))
        const source = framesSource(
          found.map((name) => FRAMES[name]),
          chunk,
        )
        const { packets } = await run({ source, rules, filter, stage: () => silent, observer: 'test' })
        const count = (name: Name): number => found.filter((other) => other === name).length
        const some = (counts: Record<string, number>): object => Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0))
        expect(imbalances(packets)).toEqual([])
        expect(packets).toEqual({
          unit: 'packets',
          read: found.length,
          geneve: count('geneve') + count('elsewhere'),
          notGeneve: some({ 'other-port': count('otherPort'), 'unsupported-link': count('unknownLink') }),
          damaged: some({ truncated: count('cut'), 'unsupported-version': count('version') }),
          filtered: some({ vni: count('elsewhere') }),
          duplicate: {},
          analyzed: count('geneve'),
          inEndedFlows: 0,
          inLiveFlows: 0,
          inFlowRecords: 0,
          unattributed: some({ 'no-flow-table': count('geneve') }),
        })
      }),
    )
  })

  test('says what does not add up', () => {
    const account = {
      unit: 'packets' as const,
      read: 10,
      geneve: 6,
      notGeneve: { 'other-port': 3 },
      damaged: {},
      filtered: { vni: 2 },
      duplicate: { tap: 1 },
      analyzed: 4,
      inEndedFlows: 1,
      inLiveFlows: 1,
      unattributed: { control: 1 },
      inFlowRecords: 2,
    }
    expect(imbalances(account)).toEqual([
      'read is 10 packets, but geneve + notGeneve + damaged are 9',
      'geneve is 6 packets, but analyzed + filtered + sampledOut + duplicate are 7',
      'analyzed is 4 packets, but inEndedFlows + inLiveFlows + unattributed are 3',
      'inEndedFlows is 1 packets, but inFlowRecords are 2',
    ])
    expect(total({ control: 1, 'no-ip': 2 })).toBe(3)
  })
})
