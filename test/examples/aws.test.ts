import { expect, test } from 'vitest'
import { Example } from './example.ts'

test.each(['aws-record', 'aws-reading', 'debug-options', 'own-decoder', 'account-filter'])(
  '%s prints what its README says',
  async (name) => {
    const example = new Example(name)
    expect(await example.start()).toBe(example.file('expected.txt'))
  },
)
