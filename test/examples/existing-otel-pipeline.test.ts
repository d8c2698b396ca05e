import { expect, test } from 'vitest'
import { Example } from './example.ts'

test('prints what its README says', async () => {
  const example = new Example('existing-otel-pipeline')
  expect(await example.start()).toBe(example.file('expected.txt'))
})
