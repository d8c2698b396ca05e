import fc from 'fast-check'
import { expect, test } from 'vitest'
import { communityId } from '../src/community-id.ts'

const TCP = 6
const UDP = 17
const SCTP = 132
const ICMP = 1
const ICMPV6 = 58
const RSVP = 46

/** The bytes of an address; `::` is not taken apart, so IPv6 has all its eight numbers here. */
function address(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.'), Number)
  return Uint8Array.from(text.split(':').flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff]))
}

// From the baseline files of corelight/community-id-spec.
test.each([
  [TCP, '128.232.110.120', 34855, '66.35.250.204', 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  [UDP, '192.168.1.52', 54585, '8.8.8.8', 53, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  [SCTP, '192.168.170.8', 7, '192.168.170.56', 7, '1:MP2EtRCAUIZvTw6MxJHLV7N7JDs='],
  [ICMP, '192.168.0.89', 8, '192.168.0.1', 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  [ICMP, '10.0.0.1', 11, '10.0.0.2', 0, '1:YHxtAirCG//0OzkcVAukqKQN9xM='],
  [ICMP, '10.0.0.2', 11, '10.0.0.1', 0, '1:c5iqfdGYsNWhMJVcYXWPNWbpnKs='],
  [ICMPV6, '3ffe:507:0:1:200:86ff:fe05:80da', 128, '3ffe:501:0:1001:0:0:0:2', 129, '1:+TW+HtLHvV1xnGhV1lv7XoJrqQg='],
  [ICMPV6, '3ffe:501:1800:2345:0:0:0:2', 3, '3ffe:507:0:1:200:86ff:fe05:80da', 0, '1:2ObVBgIn28oZvibYZhZMBgh7WdQ='],
  [ICMPV6, 'fe80:0:0:0:260:97ff:fe07:69ea', 135, 'fe80:0:0:0:200:86ff:fe05:80da', 136, '1:zavyT/cezQr1fmImYCwYnMXbgck='],
  [TCP, '2001:470:e5bf:dead:4957:2174:e82c:4887', 63943, '2607:f8b0:400c:c03:0:0:0:1a', 25, '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4='],
  [RSVP, '10.1.12.1', 0, '10.1.12.2', 0, '1:KHlLkgoJW7ifUTyTSgyVfkFHzKw='],
  [TCP, '10.0.0.10', 40000, '192.168.7.20', 443, '1:ELr0sGa0A+QQ5D4gK9F+w/dr92Y='],
])('protocol %i from %s:%i to %s:%i', (protocol, source, port, destination, otherPort, expected) => {
  expect(communityId(address(source), address(destination), protocol, (port << 16) | otherPort)).toBe(expected)
})

test('is the same for both directions', () => {
  const end = fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(65_535))
  fc.assert(
    fc.property(end, end, fc.constantFrom(TCP, UDP, SCTP), ([one, port], [other, otherPort], protocol) => {
      const forth = communityId(one, other, protocol, (port << 16) | otherPort)
      expect(communityId(other, one, protocol, (otherPort << 16) | port)).toBe(forth)
    }),
  )
})
