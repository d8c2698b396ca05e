import { expect, test } from 'vitest'
import { Example } from './example.ts'

test('prints what its README says', async () => {
  const example = new Example('embed-the-parser')
  expect(await example.start()).toBe(example.file('expected.txt'))
})
