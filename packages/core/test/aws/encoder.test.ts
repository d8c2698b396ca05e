import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AWS_EXAMPLES, awsRecord, RecordEncoder } from '../../src/vendors/aws/aws.ts'
import { decodeOptions } from './options.ts'
import { recordsOf } from './values.ts'

const encoder = new RecordEncoder()
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const ACCOUNT = { account_id: '123456789012', region: 'us-east-1' }
const HEAD = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:'

test('one option is one field: number, length in words, big-endian value, zeros to whole words', () => {
  expect(
    toHex(encoder.encode({ vlan: 101, source_port: 443, latency: 250, account_id: '123456789012', vpc_id: 'vpc-0123456789abcdef0' })),
  ).toBe(
    ['01050202 0000001cbe991a14', '01050603 00123456789abcdef0000000', '01051101 000000fa', '01052001 01bb0000', '01057f01 00c20065']
      .join('')
      .replaceAll(' ', ''),
  )
})

test('a number that a float of 32 bits does not hold is rounded to the nearest one, and shown in as few digits as tell it apart', () => {
  const said = (value: number): unknown => decodeOptions(encoder.encode({ packet_loss: value }))!.values['packet_loss']
  expect(said(0.1)).toBe(0.1)
  expect(said(1 / 3)).toBe(0.33333334)
  expect(said(16_777_217)).toBe(16_777_216)
  expect(said(123_456_789)).toBe(123_456_790)
  expect(said(1e-46)).toBe(0)
})

test('another class is one setting', () => {
  const bytes = new RecordEncoder({ optionClass: 0xff01 }).encode({ latency: 250 })
  expect(toHex(bytes)).toBe('ff011101000000fa')
  expect(awsRecord(0xff01).decode(new DataView(bytes.buffer), 0, bytes.byteLength)?.values).toEqual({ latency: 250 })
  for (const optionClass of [-1, 0x10000, 1.5]) {
    expect(() => new RecordEncoder({ optionClass })).toThrow(/optionClass: .* is not an option class \(0 to 0xffff\)/)
  }
})

test.each([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-northwest-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
])('an ARN of the record’s own account and region in %s loses its head on the way', (partition, region) => {
  const record = { ...ACCOUNT, region, task_arn: `arn:${partition}:ecs:${region}:123456789012:task/prod/1` }
  const bytes = encoder.encode(record)
  expect(new TextDecoder().decode(bytes)).not.toContain('arn:')
  expect(decodeOptions(bytes)!.values).toEqual(record)
})

test.each([
  ['of another account', 'arn:aws:elasticloadbalancing:us-east-1:999999999999:loadbalancer/net/x/1'],
  ['of another region', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/x/1'],
  ['of another service', 'arn:aws:iam::123456789012:server-certificate/x'],
  ['of another partition', 'arn:aws-cn:elasticloadbalancing:us-east-1:123456789012:x'],
  ['with nothing behind its head', HEAD],
  ['with what looks like an ARN behind its head', `${HEAD}arn:x`],
])('an ARN %s stays whole', (_, lbArn) => {
  const bytes = encoder.encode({ ...ACCOUNT, lb_arn: lbArn })
  expect(new TextDecoder().decode(bytes)).toContain(lbArn)
  expect(decodeOptions(bytes)!.values).toEqual({ ...ACCOUNT, lb_arn: lbArn })
})

const REFUSED: readonly (readonly [record: object, message: string])[] = [
  [{ latency: -1 }, 'telemetry record: latency: -1 is not a whole number from 0 to 4294967295'],
  [{ latency: -0 }, 'latency: -0 is not a whole number from 0'],
  [{ latency: 2 ** 32 }, 'latency: 4294967296 is not'],
  [{ latency: 1.5 }, 'latency: 1.5 is not'],
  [{ latency: '250' }, 'latency: "250" is not'],
  [{ nacl_rule_number: 2 ** 31 }, 'nacl_rule_number: 2147483648 is not a whole number from -2147483648 to 2147483647'],
  [{ throughput: 2n ** 64n }, 'throughput: 18446744073709551616n is not a whole number from 0 to 18446744073709551615'],
  [{ throughput: 2 ** 53 }, 'throughput: 9007199254740992 is not'],
  [{ throughput: 5n }, 'throughput: 5n is not'],
  [{ packet_loss: Number.NaN }, 'packet_loss: NaN is not a number that a float of 32 bits is near to, not NaN and not infinite'],
  [{ packet_loss: 1e39 }, 'packet_loss: 1e+39 is not'],
  [{ response_time: Number.POSITIVE_INFINITY }, 'response_time: Infinity is not a number, not NaN and not infinite'],
  [{ account_id: '12345' }, 'account_id: "12345" is not a text of 12 digits'],
  [{ account_id: 123_456_789_012 }, 'account_id: 123456789012 is not a text of 12 digits'],
  [{ vpc_id: 'vpc-123' }, 'vpc_id: "vpc-123" is not vpc- and 8 or 17 hex digits in lower case'],
  [{ vpc_id: 'vpc-1234567G' }, 'vpc_id: "vpc-1234567G" is not'],
  [{ vpc_id: 'subnet-12345678' }, 'vpc_id: "subnet-12345678" is not'],
  [
    { source_ip: '10.0.0.256' },
    'source_ip: "10.0.0.256" is not an IPv4 address in dotted decimal or an IPv6 address as RFC 5952 writes it',
  ],
  [{ source_ip: '10.0.0.01' }, 'source_ip: "10.0.0.01" is not'],
  [{ source_ip: '2001:DB8::1' }, 'source_ip: "2001:DB8::1" is not'],
  [{ source_ip: '2001:db8:0:0:0:0:0:1' }, 'source_ip: "2001:db8:0:0:0:0:0:1" is not'],
  [{ source_ip: '1::2::3' }, 'source_ip: "1::2::3" is not'],
  [{ rule_action: 'MAYBE' }, 'rule_action: "MAYBE" is not one of ALLOW, DENY'],
  [{ protocol: '' }, 'protocol: "" is not a text of 1 to 124 bytes in UTF-8, without NUL'],
  [{ protocol: 'a\0b' }, 'protocol: "a\\u0000b" is not'],
  [{ protocol: '\ud800' }, 'protocol: "\\ud800" is not'],
  [{ lb_arn: 'loadbalancer/app/x' }, 'lb_arn: "loadbalancer/app/x" is not an ARN, which begins with arn:'],
  [{ connection_id: 'dxcon-FFQR' }, 'connection_id: "dxcon-FFQR" is not dxcon- and lower-case letters and digits'],
  [{ cross_zone: 1 }, 'cross_zone: 1 is not true or false'],
  [{ security_groups: [] }, 'security_groups: [] is not a list, not empty: each is sg- and 8 or 17 hex digits in lower case'],
  [{ security_groups: 'sg-12345678' }, 'security_groups: "sg-12345678" is not a list'],
  [{ security_groups: ['sg-1'] }, 'security_groups: "sg-1" is not sg- and'],
  [{}, 'telemetry record: it has at least one field'],
  [{ latency: undefined }, 'telemetry record: it has at least one field'],
  [{ lattency: 1 }, 'telemetry record: "lattency" is no field of it'],
  [{ constructor: 1 }, '"constructor" is no field of it'],
]

test.each(REFUSED.map(([record, message]) => [message, record] as const))('%s', (message, record) => {
  expect(() => encoder.encode(record as never)).toThrow(TypeError)
  expect(() => encoder.encode(record as never)).toThrow(message)
  expect(() => encoder.split(record as never)).toThrow(message)
})

test('a text that is too long for an option is refused with its length', () => {
  expect(() => encoder.encode({ protocol: 'é'.repeat(63) })).toThrow('telemetry record: protocol: 126 bytes are too many, 124 are allowed')
  expect(() => encoder.encode({ cs_host: 'x'.repeat(123) })).toThrow('telemetry record: cs_host: 123 bytes are too many, 122 are allowed')
})

test('a record that does not fit is refused with the size of each field', () => {
  const record = {
    latency: 1,
    routing_path: 'p'.repeat(120),
    security_groups: ['sg-12345678', 'sg-0123456789abcdef0'],
    routing_host: 'h'.repeat(100),
  }
  expect(() => encoder.encode(record)).toThrow(RangeError)
  expect(() => encoder.encode(record)).toThrow(
    'telemetry record: the record takes 260 bytes, a packet has room for 252: security_groups 24, latency 8, routing_host 104, routing_path 124',
  )
  expect(
    encoder.encode({ latency: 1, routing_path: 'p'.repeat(120), security_groups: ['sg-12345678'], routing_host: 'h'.repeat(104) }),
  ).toHaveLength(248)
})

test('a record that fits is split into one packet, a larger one into packets that say again what they are about', () => {
  expect(encoder.split(AWS_EXAMPLES.ALB)).toEqual([encoder.encode(AWS_EXAMPLES.ALB)])
  fc.assert(
    fc.property(recordsOf(120), (values) => {
      const record = { ...values, service_type: 'NAT_GATEWAY', nat_gateway_id: 'nat-12345678', ...ACCOUNT }
      const parts = encoder.split(record).map((bytes) => {
        expect(bytes.byteLength).toBeLessThanOrEqual(252)
        return decodeOptions(bytes)!.values
      })
      for (const part of parts) {
        expect(part).toMatchObject({ service_type: 'NAT_GATEWAY', nat_gateway_id: 'nat-12345678', ...ACCOUNT })
        expect(awsRecord().subjectOf(part, 'a flow')).toEqual({ type: 'nat_gateway_id', id: 'nat-12345678' })
      }
      expect(Object.assign({}, ...parts)).toEqual(record)
    }),
    { numRuns: 50 },
  )
})

test('what does not fit beside what the record is about is refused with the sizes', () => {
  const about = { service_type: 'ECS', task_arn: `arn:${'t'.repeat(116)}` }
  const groups = Array.from({ length: 8 }, () => 'sg-0123456789abcdef0')
  expect(() => encoder.split({ ...about, security_groups: groups })).toThrow(
    'telemetry record: security_groups beside what the record is about takes 260 bytes, a packet has room for 252: service_type 8, task_arn 124, security_groups 128',
  )
  const five = { service_type: 'EKS', cluster_name: 'c'.repeat(100), namespace: 'n'.repeat(100), pod_name: 'p'.repeat(100) }
  expect(() => encoder.split(five)).toThrow('telemetry record: what the record is about takes 320 bytes, a packet has room for 252')
})
