import { describe, expect, test } from 'vitest'
import { nonsenseIn, samplePackets, told } from '../../src/testing/testing.ts'
import { ISSUE_KINDS, LAYERS, type Layer } from '../../src/wire/issue.ts'
import { IS_DAMAGED } from '../../src/wire/packet-view.ts'
import { decoded, decodedWithin, issueOf } from './decoded.ts'

const PACKETS = samplePackets()

interface Need {
  readonly layer: Layer
  readonly offset: number
  readonly bytes: number
}

const OUTER_LAYERS = 4

/** `link 14 > ip 20 24` as needs: 14 bytes at 0; then 20 at 14, then 24 at 14. */
function needsOf(layers: string): readonly Need[] {
  const needs: Need[] = []
  let offset = 0
  for (const text of layers.split(' > ').filter((layer) => layer !== '')) {
    const [layer, ...steps] = text.split(' ')
    expect(LAYERS).toContain(layer)
    for (const step of steps) needs.push({ layer: layer as Layer, offset, bytes: Number(step) })
    const own = steps.filter((step) => !step.startsWith('+')).at(-1)
    offset += Number(own ?? 0)
  }
  return needs
}

describe.each(PACKETS)('$name', ({ bytes, linkType, outcome, issue, layers }) => {
  test('whole', () => {
    const packet = decoded(bytes, linkType)
    expect({ outcome: packet.outcome, issue: ISSUE_KINDS[packet.issue >> 8] }).toEqual({ outcome, issue: issue ?? 'none' })
    expect(nonsenseIn(packet)).toBe('')
  })

  test('cut at every length is what is told, never thrown', () => {
    for (let length = 0; length < bytes.byteLength; length++) {
      const packet = decoded(bytes.slice(0, length), linkType, bytes.byteLength)
      expect(nonsenseIn(packet)).toBe('')
      if (layers === undefined) continue
      const missing = needsOf(layers).find((need) => need.offset + need.bytes > length)
      if (missing === undefined) {
        expect({ length, outcome: packet.outcome, kind: issueOf(packet).kind }).toEqual({ length, outcome, kind: issue ?? 'none' })
      } else {
        const { layer, offset, bytes: needed } = missing
        expect(issueOf(packet), `cut at ${length}`).toEqual({ kind: 'truncated', layer, offset, needed, available: length - offset })
        expect(packet.outcome, `cut at ${length}`).toBe(LAYERS.indexOf(layer) < OUTER_LAYERS ? IS_DAMAGED : outcome)
      }
      expect(told(decoded(bytes.slice(0, length), linkType)), 'where nobody knows of the cut').toMatchObject({
        outcome: packet.outcome,
        issue: packet.issue,
      })
    }
  })

  test('a cut frame sees nothing of its rest', () => {
    for (let length = 0; length < bytes.byteLength; length++) {
      expect(told(decodedWithin(bytes, 0, length, linkType))).toEqual(told(decoded(bytes.slice(0, length), linkType)))
    }
  })
})
