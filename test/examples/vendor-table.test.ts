import { expect, test } from 'vitest'
import { Example, program } from './example.ts'

test('the program prints what its README says', async () => {
  const printed = await program('decode', '--debug', '--vendor-table', 'examples/vendor-table/acme.yaml', 'examples/vendor-table/acme.pcap')
  expect(printed).toBe(new Example('vendor-table').file('expected.txt'))
})
