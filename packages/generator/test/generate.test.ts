import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type GenerateOptions, generate } from '../src/index.ts'
import { Random } from '../src/random.ts'
import { make } from './made.ts'

const digest = ({ bytes, truth }: ReturnType<typeof make>): string => hash('sha256', bytes) + hash('sha256', JSON.stringify(truth))

test('the same seed and options make the same bytes and the same truth', () => {
  const options = {
    seed: 7,
    packets: 5_000,
    impair: { loss: 0.01, reorder: 0.01, duplicate: 0.01, 'zero-window': 0.1, keepalive: 0.1, wrap: 0.1 },
  }
  expect(digest(make(options))).toBe(digest(make(options)))
})

test('another seed makes others', () => {
  expect(digest(make({ seed: 7, packets: 1_000 }))).not.toBe(digest(make({ seed: 8, packets: 1_000 })))
  expect(digest(make({ seed: 1, packets: 1_000 }))).not.toBe(digest(make({ seed: 2 ** 32 + 1, packets: 1_000 })))
})

test('two at a time do not disturb each other', () => {
  const [one, other] = [generate({ seed: 1, packets: 4_000 })[Symbol.iterator](), generate({ seed: 1, packets: 4_000 })[Symbol.iterator]()]
  for (;;) {
    const [a, b] = [one.next(), other.next()]
    expect(b).toEqual(a)
    if (a.done) return
  }
})

test('pieces come one after the other, and stay what they are', () => {
  const packets = 6_000
  const pieces = [...generate({ seed: 1, packets })]
  const counts = pieces.map((piece) => piece.packets)
  expect(counts).toEqual([...counts].sort((one, next) => one - next))
  expect(counts.at(-1)).toBe(packets)
  expect(pieces.length).toBeGreaterThan(4)
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(make({ seed: 1, packets }).bytes)
})

// What the language does not define to the last bit differs between machines and between versions of the engine.
test('nothing is computed that is not the same on every machine', () => {
  const folder = fileURLToPath(new URL('../src', import.meta.url))
  const inexact =
    /\bMath\.(?:a?cosh?|a?sinh?|a?tanh?|atan2|exp|expm1|log|log10|log1p|log2|pow|cbrt|hypot|random)\b|\*\*|\bDate\b|\bIntl\b|\bperformance\b/
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const code = readFileSync(`${folder}/${file}`, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    expect(inexact.exec(code)?.[0], file).toBeUndefined()
  }
})

test('what is said to be exponential and Pareto is so', () => {
  const random = new Random(5)
  const draws = Array.from({ length: 200_000 }, () => random.exponential())
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  expect(mean).toBeCloseTo(1, 1)
  for (const level of [0.1, 1, 3]) expect(draws.filter((draw) => draw > level).length / draws.length).toBeCloseTo(Math.exp(-level), 2)
  const sizes = Array.from({ length: 200_000 }, () => random.heavy(100, 10_000))
  expect(Math.min(...sizes.slice(0, 100_000))).toBeGreaterThanOrEqual(100)
  expect(sizes.every((size) => size <= 10_000)).toBe(true)
  // Bounded Pareto with exponent 1: P(X > x) = (L/x - L/H) / (1 - L/H).
  expect(sizes.filter((size) => size >= 1_000).length / sizes.length).toBeCloseTo((0.1 - 0.01) / 0.99, 2)
})

describe('refuses, and names the option', () => {
  const mistakes: readonly (readonly [message: string, options: Partial<GenerateOptions>])[] = [
    ['seed: -1 is not a whole number from 0 to 9007199254740991', { seed: -1 }],
    ['packets: 0 is not a whole number from 1', { packets: 0 }],
    ['startSeconds: 0.5 is not a whole number', { startSeconds: 0.5 }],
    ['rate: 0 is not a number of packets per second above 0', { rate: 0 }],
    ["link: 'sll' is none of ethernet, raw", { link: 'sll' as 'raw' }],
    ['impair.loss: 1.5 is not a rate from 0 to 1', { impair: { loss: 1.5 } }],
    ["impair: 'jitter' is none of loss, reorder, duplicate, zero-window, keepalive, wrap", { impair: { jitter: 0.1 } as object }],
  ]
  test.each(mistakes)('%s', (message, options) => {
    expect(() => generate({ seed: 1, packets: 1, ...options })).toThrow(RangeError)
    expect(() => generate({ seed: 1, packets: 1, ...options })).toThrow(message)
  })
})
