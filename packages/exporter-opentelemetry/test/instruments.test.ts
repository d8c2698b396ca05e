import { readFileSync, writeFileSync } from 'node:fs'
import { ATTRIBUTES, MEASURES, type Name } from '@geneve-telemetry/core'
import * as conventions from '@opentelemetry/semantic-conventions'
import { expect, test } from 'vitest'

const README = new URL('../README.md', import.meta.url)
const BEGIN = '<!-- instruments -->\n'
const END = '<!-- /instruments -->'

/** `UPDATE_README=1` writes the table anew. */
test('the README has the table of instruments as it is', () => {
  const readme = readFileSync(README, 'utf8')
  const [before, rest] = readme.split(BEGIN)
  const after = rest?.split(END)[1]
  const wanted = `${before}${BEGIN}${table()}${END}${after}`
  if (process.env['UPDATE_README'] !== undefined) writeFileSync(README, wanted)
  else expect(readme).toBe(wanted)
})

function table(): string {
  const rows = (names: readonly Name[]): string => names.map(({ otel, unit, doc }) => `| \`${otel}\` | \`${unit}\` | ${doc} |\n`).join('')
  const attributes = ATTRIBUTES.map(({ otel, doc }) => `| \`${otel}\` | ${doc} |\n`).join('')
  return `| metric (monotonic sum) | unit | |\n| --- | --- | --- |\n${rows(Object.values(MEASURES).flat())}\n| attribute | |\n| --- | --- |\n${attributes}`
}

const published = new Set(Object.entries(conventions).flatMap(([name, value]) => (name.startsWith('ATTR_') ? [value] : [])))

test('what is not in our namespace is a name of the semantic conventions', () => {
  const foreign = ATTRIBUTES.filter(({ otel }) => !otel.startsWith('geneve.')).map(({ otel }) => otel)
  expect(foreign.length).toBeGreaterThan(0)
  expect(foreign.filter((name) => !published.has(name))).toEqual([])
})

test('metrics are in our namespace, which nobody else has, with units as the conventions want them', () => {
  expect([...published].filter((name) => String(name).startsWith('geneve.'))).toEqual([])
  for (const { otel, unit } of Object.values(MEASURES).flat()) {
    expect(otel).toMatch(/^geneve\.[a-z_.]+[a-z]$/)
    expect(otel).not.toMatch(/total$/)
    expect(unit).toMatch(/^(By|s|\{[a-z]+[^s]\})$/)
  }
})
