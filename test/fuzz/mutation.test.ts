import { observe, PacketDescriber } from '@geneve-telemetry/core'
import { nonsenseIn, samplePackets, told } from '@geneve-telemetry/core/testing'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, ISSUE_KINDS, issueKind, PacketView } from '@geneve-telemetry/core/wire'
import { expect, test } from 'vitest'
import { Dice, mutate } from './mutation.ts'

/** How many packets, and which: FUZZ_PACKETS and FUZZ_SEED. A failure prints the seed and the packet. */
const packets = wholeNumber('FUZZ_PACKETS', 1_000_000)
const seed = wholeNumber('FUZZ_SEED', Date.now() % 0x7fffffff)
/** Of a million. */
const LEAST_OF_EACH_KIND = 1_000
const LOOKED_AT_EVERY = 10
const ROOM = 65_536
const MARGIN = 64

test(`${packets} mutated packets, seed ${seed}: none throws, every kind of issue occurs`, () => {
  const dice = new Dice(seed)
  const samples = samplePackets()
  const table = new OptionTable(builtInVendors)
  const rules = new DecodeRules([6081], table.roles)
  const packet = new PacketView(rules)
  const lonely = new PacketView(rules)
  const describer = new PacketDescriber(table)
  const target = new Uint8Array(ROOM)
  const view = new DataView(target.buffer)
  const counts = new Map<string, number>()

  for (let count = 1; count <= packets; count++) {
    const sample = samples[dice.below(samples.length)]!
    const other = samples[dice.below(samples.length)]!
    const start = MARGIN + dice.below(8)
    const end = mutate(sample.bytes, other.bytes, target, start, dice)
    const wireLength = end - start + (dice.below(4) === 0 ? dice.below(2000) : 0)
    packet.frame = count
    try {
      decodePacket(view, start, end, sample.linkType, packet, wireLength)
      const nonsense = nonsenseIn(packet)
      if (nonsense !== '') throw new Error(nonsense)
      if (count % LOOKED_AT_EVERY === 0) {
        const alone = target.slice(start, end)
        decodePacket(new DataView(alone.buffer), 0, alone.byteLength, sample.linkType, lonely, wireLength)
        if (JSON.stringify(told(lonely)) !== JSON.stringify(told(packet))) throw new Error('its neighbours were seen')
        const text = JSON.stringify(observe(packet, describer, { origin: 'fuzz', observer: 'test' }))
        if (/null|undefined|NaN|"-1"|:-1\b/.test(text)) throw new Error(`a value that is none in ${text}`)
      }
    } catch (error) {
      const bytes = target.subarray(start, end).reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '')
      throw new Error(`FUZZ_SEED=${seed}, packet ${count}, from '${sample.name}', link type ${sample.linkType}: ${bytes}`, { cause: error })
    }
    const kind = issueKind(packet.issue)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }

  console.log(`seed ${seed}: ${ISSUE_KINDS.map((kind) => `${kind} ${counts.get(kind) ?? 0}`).join(', ')}`)
  for (const kind of ISSUE_KINDS) {
    expect(counts.get(kind) ?? 0, `${kind} with seed ${seed}`).toBeGreaterThanOrEqual((LEAST_OF_EACH_KIND * packets) / 1_000_000)
  }
})

function wholeNumber(name: string, otherwise: number): number {
  const text = process.env[name]
  const value = text === undefined ? otherwise : Number(text)
  if (text?.trim() === '' || !Number.isInteger(value)) throw new Error(`${name} must be a whole number, not '${text}'`)
  return value
}
