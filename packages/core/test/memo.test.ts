import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Memo } from '../src/memo.ts'

const words = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 5 })
const more = fc.integer({ min: -1, max: 1 })

function bytesOf(numbers: readonly number[]): DataView {
  const view = new DataView(new ArrayBuffer(numbers.length * 4 + 4))
  for (const [index, number] of numbers.entries()) view.setInt32(4 + index * 4, number)
  return view
}

test('gives back what was said of the same words, or nothing, never what was said of others', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ numbers: words, first: more, second: more }), { maxLength: 200 }), (sequences) => {
      const memo = new Memo<string>(8, 4)
      for (const { numbers, first, second } of sequences) {
        const view = bytesOf(numbers)
        const meaning = JSON.stringify([numbers, first, second])
        const found = memo.get(view, 4, numbers.length, first, second)
        if (found === undefined) memo.set(view, 4, numbers.length, meaning, first, second)
        else expect(found).toBe(meaning)
      }
    }),
  )
})

test('remembers what it was just told, but for what is too long', () => {
  const memo = new Memo<string>(8, 4)
  for (const numbers of [[], [1], [1, 2, 3, 4], [1, 2, 3, 4, 5]]) {
    const view = bytesOf(numbers)
    expect(memo.get(view, 4, numbers.length)).toBeUndefined()
    expect(memo.set(view, 4, numbers.length, 'said')).toBe('said')
    expect(memo.get(view, 4, numbers.length)).toBe(numbers.length <= 4 ? 'said' : undefined)
  }
})
