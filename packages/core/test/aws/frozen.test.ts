import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AWS_FIELDS } from '../../src/vendors/aws/record/fields.ts'

const LINES = readFileSync(new URL('frozen-fields.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

/** SHA-256 of the first so many lines. Senders and receivers of other versions rely on them: a new field is a new line, and no line changes. */
const FIRST_LINES = 124
const FIRST_DIGEST = '8d69a94aad554c76634a1f18a696008b72f65510b65e2c9b5d27617dba321946'

test('the lines of the frozen list that there were are as they were', () => {
  expect(LINES.length).toBeGreaterThanOrEqual(FIRST_LINES)
  const first = LINES.slice(0, FIRST_LINES).map((line) => `${line}\n`)
  expect(createHash('sha256').update(first.join('')).digest('hex')).toBe(FIRST_DIGEST)
})

test('the fields are those of the frozen list: number, name, type on the wire', () => {
  const fields = AWS_FIELDS.map(({ number, name, list, wire }) => `${number} ${name} ${list ? 'list of ' : ''}${wire}`)
  expect(fields.toSorted()).toEqual(LINES.toSorted())
})

test('what travels with packets has a number of an option type, and there is room left', () => {
  const extended = new Set(['cloud_front', 'transit_gateway', 'direct_connect'])
  for (const { number, group } of AWS_FIELDS) expect(number >= 128, `${group} ${number}`).toBe(extended.has(group))
  expect(AWS_FIELDS.every(({ number }) => number !== 127 && number >= 1 && number <= 0xffff)).toBe(true)
})
