import { GeneveParser } from '@geneve-telemetry/core'
import { geneveDatagram, hex, testVendor } from '@geneve-telemetry/core/testing'
import { expect, test } from 'vitest'
import acme from '../../examples/custom-vendor/acme.ts'
import { Example, program } from './example.ts'

testVendor(acme, test)

test('the parser decodes it', () => {
  const parser = new GeneveParser({ vendors: [acme] })
  parser.enableEnterpriseExtensions()
  const result = parser.parsePacket(geneveDatagram({ options: [{ class: 0xff01, type: 1, data: hex('0000 0102') }] }))
  expect(result).toMatchObject({ ok: true, value: { telemetry: { Acme: { acme_queue_depth: 258 } } } })
})

test('the program prints what its README says', async () => {
  const printed = await program('decode', '--vendor', './examples/custom-vendor/acme.ts', 'examples/custom-vendor/acme.pcap')
  expect(printed).toBe(new Example('custom-vendor').file('expected.txt'))
})
