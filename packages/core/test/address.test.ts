import { isIPv6 } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hex } from '../src/testing/hex.ts'
import { addressText, hex16Text, hexText, ipv4Text, ipv6Text } from '../src/wire/address.ts'

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

test('IPv4 addresses, each octet at both ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
      expect(ipv4Text(view(bytes), 0)).toBe([...bytes].join('.'))
    }),
  )
  expect(ipv4Text(view(hex('ff 00000000 ff')), 1)).toBe('0.0.0.0')
  expect(ipv4Text(view(hex('ffffffff')), 0)).toBe('255.255.255.255')
})

test.each([
  ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
  ['20010db8 00010001 00010001 00000001', '2001:db8:1:1:1:1:0:1'],
  ['00000000 00000000 00000000 00000000', '::'],
  ['00000000 00000000 00000000 00000001', '::1'],
  ['fe800000 00000000 00000000 00000000', 'fe80::'],
  ['00000000 00000000 0000ffff c0000201', '::ffff:192.0.2.1'],
  ['00000000 00000000 00000000 c0000201', '::c000:201'],
  ['00010000 00000002 00000000 00000003', '1:0:0:2::3'],
  ['00000001 00000001 00000001 00000001', '0:1:0:1:0:1:0:1'],
])('RFC 5952: %s is %s', (bytes, text) => {
  expect(ipv6Text(view(hex(bytes)), 0)).toBe(text)
})

test('IPv6 addresses say the same as the bytes', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const bytes = new DataView(new ArrayBuffer(20))
      for (const [index, value] of groups.entries()) bytes.setUint16(2 + index * 2, value)
      const text = addressText(bytes, 2, 6)
      expect(isIPv6(text)).toBe(true)
      expect(new URL(`http://[${text}]`).hostname).toBe(new URL(`http://[${groups.map((value) => value.toString(16)).join(':')}]`).hostname)
    }),
  )
})

test('bytes and 16-bit numbers in hex', () => {
  expect(hexText(view(hex('00 0f f0 ff')), 1, 4)).toBe('0ff0ff')
  expect(hexText(view(hex('00')), 0, 0)).toBe('')
  for (let value = 0; value <= 0xffff; value++) expect(Number.parseInt(hex16Text(value), 16)).toBe(value)
  expect(hex16Text(8)).toBe('0x0008')
})
