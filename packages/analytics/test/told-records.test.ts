import { type GeneveOptionFields, geneveOptions } from '@geneve-telemetry/core/testing'
import { OptionTable } from '@geneve-telemetry/core/vendors'
import { type AwsRecord, amazon, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { expect, test } from 'vitest'
import { record } from './record-profile.ts'
import { ORIGIN, Telling } from './telling.ts'

/** An option that is no record's. */
const other = (byte: number): GeneveOptionFields => ({ class: 0x0101, type: 1, data: new Uint8Array(4).fill(byte) })

test('a subject is new, changes, is told of once an interval, and ends', () => {
  const telling = new Telling({ intervalSeconds: 10 })
    .says(1, { gateway: 'a', state: 'up', load: 5 })
    .says(2, { gateway: 'a', state: 'up', load: 6 })
    .says(3, { gateway: 'a', state: 'down', load: 6 })
    .says(4, { gateway: 'a', state: 'down', load: 7 })
    .says(25, { gateway: 'a', state: 'down', load: 7 })
    .until(26)
  expect(telling.said).toEqual([
    'new gateway a at 1 of 1: gateway=a state=up load=5',
    'change gateway a at 3 of 2: gateway=a state=down load=6',
    'interval gateway a at 4 of 1: gateway=a state=down load=7',
  ])
  expect(telling.end().said.slice(3)).toEqual(['end gateway a at 25 of 1: gateway=a state=down load=7'])
  expect(telling.records[0]).toEqual({
    kind: 'telemetry',
    id: 'test-t1-65521-new',
    observer: 'tap-1',
    time: { seconds: ORIGIN + 1, nanos: 0 },
    vendor: 'Example',
    subject: { type: 'gateway', id: 'a' },
    reason: 'new',
    packets: 1,
    values: { gateway: 'a', state: 'up', load: 5 },
  })
})

test('what is told many times in a second is said once, however it goes to and fro', () => {
  const telling = new Telling()
  for (let index = 0; index < 1000; index++) telling.says(1 + index / 2000, { gateway: 'a', state: index % 2 === 0 ? 'up' : 'down' })
  for (let index = 0; index < 1000; index++) telling.says(2 + index / 2000, { gateway: 'a', state: index % 3 === 0 ? 'up' : 'down' })
  expect(telling.until(3).said).toEqual([
    'new gateway a at 1 of 1000: gateway=a state=down',
    'change gateway a at 2 of 1000: gateway=a state=up',
  ])
  // Each of the two records was read once.
  expect(telling.profile.readings).toBe(2)
})

test('parts of a record that share a subject are one, in any order and mixed with packets of others', () => {
  const telling = new Telling()
    .says(1, { gateway: 'a', state: 'up' })
    .says(1, { gateway: 'b', load: 1 })
    .says(1, { gateway: 'a', load: 2 })
    .says(1, { gateway: 'a', groups: ['x', 'y'] })
    .says(5, { gateway: 'a', groups: ['x', 'y'] })
    .until(6)
  expect(telling.said).toEqual([
    'new gateway a at 1 of 3: gateway=a state=up load=2 groups=x,y',
    'new gateway b at 1 of 1: gateway=b load=1',
  ])
  expect(
    telling
      .says(7, { gateway: 'a', groups: ['x'] })
      .until(8)
      .said.slice(2),
  ).toEqual(['change gateway a at 7 of 2: gateway=a state=up load=2 groups=x'])
})

test('a large record that was split is told of whole, whichever parts come first', () => {
  const whole: AwsRecord = {
    service_type: 'ALB',
    account_id: '123456789012',
    region: 'us-east-1',
    lb_arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/0123456789abcdef',
    target_group_arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef',
    security_groups: ['sg-12345678', 'sg-0123456789abcdef0'],
    routing_host: 'shop.example.com'.padEnd(100, 'm'),
    routing_path: '/cart'.padEnd(100, '/'),
    routing_rule: 'rule'.padEnd(100, '-'),
    request_count: 2n ** 60n + 1n,
    response_time: 0.25,
  }
  const parts = new RecordEncoder().split(whole).map(geneveOptions)
  expect(parts.length).toBeGreaterThan(2)
  for (const order of [parts, parts.toReversed()]) {
    const telling = new Telling({}, new OptionTable([amazon]))
    for (const second of [1, 2, 3]) for (const options of order) telling.at(second, { options })
    telling.end()
    expect(telling.records.map(({ reason, subject, packets, values }) => [reason, subject.id, packets, values])).toEqual([
      ['new', whole.lb_arn, parts.length, whole],
      ['end', whole.lb_arn, 2 * parts.length, whole],
    ])
  }
})

test('a field that is not repeated goes, and so does a subject', () => {
  const telling = new Telling({ keepSeconds: 30, intervalSeconds: 20 })
    .says(0, { gateway: 'a', state: 'up', load: 1 })
    .says(20, { gateway: 'a', load: 2 })
    .says(29, { gateway: 'a', load: 3 })
    .says(30, { gateway: 'a', load: 4 })
    .until(59)
  expect(telling.said).toEqual(['new gateway a at 0 of 1: gateway=a state=up load=1', 'interval gateway a at 30 of 3: gateway=a load=4'])
  expect(telling.until(60).said.slice(2)).toEqual(['end gateway a at 30 of 0: gateway=a load=4'])
  expect(telling.analyzer.counts).toEqual({ opened: 1, open: 0, evicted: 0 })
  expect(telling.says(61, { gateway: 'a', load: 4 }).end().said.slice(3)).toEqual([
    'new gateway a at 61 of 1: gateway=a load=4',
    'end gateway a at 61 of 0: gateway=a load=4',
  ])
})

test('a state that comes back after it had gone is a change', () => {
  const telling = new Telling({ keepSeconds: 10, intervalSeconds: 1000 })
    .says(0, { gateway: 'a', state: 'up' })
    .says(5, { gateway: 'a', load: 1 })
    .says(12, { gateway: 'a', state: 'up' })
    .until(13)
  expect(telling.said).toEqual(['new gateway a at 0 of 1: gateway=a state=up', 'change gateway a at 12 of 2: gateway=a state=up load=1'])
})

test('what comes late makes nothing older, and is not told of before its time', () => {
  const telling = new Telling({ keepSeconds: 30 })
    .says(40, { gateway: 'a', load: 1 })
    .says(20, { gateway: 'a', load: 2 })
    .says(60, { gateway: 'a' })
    .says(61, { gateway: 'b' })
  expect(telling.until(30).said).toEqual([])
  expect(telling.until(60).said).toEqual(['new gateway a at 40 of 2: gateway=a load=2'])
  expect(telling.end().said.slice(2)).toEqual(['end gateway a at 60 of 1: gateway=a load=2', 'end gateway b at 61 of 0: gateway=b'])
})

test('the subject told of least recently makes room', () => {
  const telling = new Telling({ maxSubjects: 2 })
    .says(1, { gateway: 'a' })
    .says(2, { gateway: 'b' })
    .says(3, { gateway: 'a' })
    .says(4, { gateway: 'c' })
    .until(5)
  expect(telling.said).toEqual([
    'new gateway a at 1 of 1: gateway=a',
    'new gateway b at 2 of 1: gateway=b',
    'end gateway b at 2 of 0: gateway=b',
    'new gateway c at 4 of 1: gateway=c',
  ])
  expect(telling.analyzer.counts).toEqual({ opened: 3, open: 2, evicted: 1 })
})

test('a record that names nothing is about its flow, both ways, and else about what is left', () => {
  const there = { tcp: { sourcePort: 1000, destinationPort: 80 } }
  const back = { inner: { source: '192.0.2.2', destination: '192.0.2.1' }, tcp: { sourcePort: 80, destinationPort: 1000 } }
  const told = { load: 1, network: 'n' }
  const telling = new Telling()
    .at(1, there)
    .says(1, told, there)
    .says(2, told, back)
    .says(2, told, { ...there, tcp: { sourcePort: 1001 } })
    .says(3, told, { control: true })
    .says(3, { load: 1 }, { control: true })
    .end()
  expect(telling.records.filter(({ reason }) => reason === 'end').map(({ subject, packets }) => [subject, packets])).toEqual([
    [{ type: 'flow', id: 'test-f1' }, 1],
    [{ type: 'flow', id: 'test-f4' }, 0],
    [{ type: 'network', id: 'n' }, 0],
  ])
  // The second record has other bytes.
  expect(telling.profile.readings).toBe(2)
  const { askings } = telling.profile
  const again = new Telling()
  for (let second = 1; second <= 50; second++) again.says(second, told, there).says(second, told, back)
  expect(again.profile.askings).toBeLessThan(askings)
  expect(telling.analyzer.totals()).toMatchObject({ records: 5, withoutSubject: 1 })
})

test('options of others, before and behind, do not make another record of it', () => {
  const telling = new Telling()
  const options = record({ gateway: 'a', load: 1 })
  for (const byte of [1, 2, 3]) telling.at(1, { options: [other(byte), ...options] }).at(1, { options: [...options, other(byte)] })
  telling.at(1, { options: [options[0]!, other(4), options[1]!] })
  expect(telling.end().said).toEqual(['new gateway a at 1 of 7: gateway=a load=1', 'end gateway a at 1 of 0: gateway=a load=1'])
  expect(telling.profile.readings).toBe(2)
})

test('records and what is wrong with their fields are counted by interval, by field or its number', () => {
  const telling = new Telling({ intervalSeconds: 10, maxSeries: 3 })
    .says(1, { gateway: 'a', state: '', 77: 'x' })
    .says(2, { gateway: 'a', state: '', 77: 'x' })
    .says(3, { state: 'up' }, { control: true })
    .at(4, {})
    .says(12, { gateway: 'b', 77: 'x', 78: 'x', 79: 'x' })
    .end()
  const seen = telling.metrics.map(({ measurement, attributes, points, start }) => [
    start.seconds - ORIGIN,
    measurement,
    attributes,
    Object.fromEntries(Object.entries(points).map(([name, { value }]) => [name, value])),
  ])
  const shared = { vendor: 'Example', option_class: '0xfff1' }
  expect(seen).toEqual([
    [1, 'record', shared, { records: 3, fields: 7, without_subject: 1 }],
    [1, 'record_issue', { ...shared, field: '77', issue_kind: 'unknown-number' }, { issues: 2 }],
    [1, 'record_issue', { ...shared, field: 'state', issue_kind: 'impossible-value' }, { issues: 2 }],
    [10, 'record', shared, { records: 1, fields: 4, without_subject: 0 }],
    [10, 'record_issue', { vendor: 'other' }, { issues: 1 }],
    [10, 'record_issue', { ...shared, field: '77', issue_kind: 'unknown-number' }, { issues: 1 }],
    [10, 'record_issue', { ...shared, field: '78', issue_kind: 'unknown-number' }, { issues: 1 }],
  ])
  expect(telling.analyzer.totals()).toEqual({
    records: 4,
    fields: 11,
    withoutSubject: 1,
    issues: [
      { vendor: 'Example', field: '77', kind: 'unknown-number', fields: 3 },
      { vendor: 'Example', field: 'state', kind: 'impossible-value', fields: 2 },
      { vendor: 'other', field: 'other', kind: 'other', fields: 1 },
      { vendor: 'Example', field: '78', kind: 'unknown-number', fields: 1 },
    ],
  })
  expect(telling.analyzer.collect().map(({ measurement, points }) => [measurement, Object.values(points)[0]?.value])).toEqual([
    ['record', 4],
    ['record_issue', 1],
    ['record_issue', 3],
    ['record_issue', 2],
    ['record_issue', 1],
  ])
})

test.each([
  [{ intervalSeconds: 0 }, /intervalSeconds: 0/],
  [{ keepSeconds: 0.5 }, /keepSeconds: 0.5 is not a whole number/],
  [{ maxSubjects: 0 }, /maxSubjects: 0 .* from 1 to 1000000/],
  [{ maxSeries: 1_000_001 }, /maxSeries: 1000001 .* from 1 to 1000000/],
])('%o is refused', (options, message) => {
  expect(() => new Telling(options)).toThrow(message)
})
