import { expect, test } from 'vitest'
import { protocolName, protocolNumber } from '../src/wire/protocol.ts'

test('every number has a name that leads back to it', () => {
  const names = new Set<string>()
  for (let number = 0; number < 256; number++) {
    names.add(protocolName(number))
    expect(protocolNumber(protocolName(number))).toBe(number)
    expect(protocolNumber(String(number))).toBe(number)
  }
  expect(names.size).toBe(256)
})

test('keywords are IANA’s, in any case', () => {
  expect([1, 6, 17, 47, 58, 132].map(protocolName)).toEqual(['icmp', 'tcp', 'udp', 'gre', 'ipv6-icmp', 'sctp'])
  expect(protocolNumber('TCP')).toBe(6)
})

test.each(['', '256', '-1', '6.0', 'tcpx', ' 6'])('"%s" is no protocol', (text) => {
  expect(protocolNumber(text)).toBeUndefined()
})
