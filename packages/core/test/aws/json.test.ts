import { expect, test } from 'vitest'
import { AWS_EXAMPLES, awsRecord, parseRecord, recordSchema } from '../../src/vendors/aws/aws.ts'

test.each(Object.entries(AWS_EXAMPLES))('the example of %s as JSON is a record', (_, example) => {
  expect(parseRecord(JSON.parse(JSON.stringify(example)))).toEqual({ ok: true, values: example })
})

test('numbers of 64 bits are numbers or decimal texts', () => {
  expect(parseRecord({ throughput: '18446744073709551615', bytes: '5', packets: 7 })).toEqual({
    ok: true,
    values: { throughput: 2n ** 64n - 1n, bytes: 5, packets: 7 },
  })
  for (const text of ['18446744073709551616', '-1', '1.0', '01', '', ' 1', '1e3', '123456789012345678901']) {
    expect(parseRecord({ bytes: text })).toMatchObject({ ok: false, problems: [{ path: 'bytes' }] })
  }
  // JSON.parse has rounded it already.
  expect(parseRecord(JSON.parse('{"bytes":9007199254740993}'))).toMatchObject({
    problems: [
      {
        path: 'bytes',
        message: '9007199254740992 is not a whole number from 0 to 18446744073709551615, above 9007199254740991 as bigint, in JSON as text',
      },
    ],
  })
})

test('all that is wrong is told, with its place', () => {
  const parsed = parseRecord({
    lattency: 1,
    latency: '250',
    protocol: null,
    security_groups: ['sg-12345678', 7],
    routing_path: 'é'.repeat(63),
    cross_zone: 'yes',
    vpc_id: 'vpc-12345678',
  })
  expect(parsed).toEqual({
    ok: false,
    problems: [
      { path: 'lattency', message: 'is no field of the record' },
      { path: 'latency', message: '"250" is not a whole number from 0 to 4294967295' },
      { path: 'protocol', message: 'null is not a text of 1 to 124 bytes in UTF-8, without NUL' },
      { path: 'security_groups[1]', message: '7 is not sg- and 8 or 17 hex digits in lower case' },
      { path: 'routing_path', message: '126 bytes are too many, 124 are allowed' },
      { path: 'cross_zone', message: '"yes" is not true or false' },
    ],
  })
  expect(parseRecord({ security_groups: 'sg-12345678' })).toMatchObject({
    problems: [
      { path: 'security_groups', message: '"sg-12345678" is not a list, not empty: each is sg- and 8 or 17 hex digits in lower case' },
    ],
  })
  for (const json of [null, 7, 'record', [], undefined]) {
    expect(parseRecord(json)).toEqual({
      ok: false,
      problems: [{ path: '', message: 'a record is an object with a member for each field' }],
    })
  }
  expect(parseRecord({})).toEqual({ ok: false, problems: [{ path: '', message: 'a record has at least one field' }] })
  expect(parseRecord(JSON.parse('{"__proto__":1,"constructor":1}'))).toMatchObject({
    problems: [{ path: '__proto__' }, { path: 'constructor' }],
  })
})

test('an ARN may be as long as it is, since its head may be left out on the way', () => {
  const arn = `arn:aws:ecs:us-east-1:123456789012:task/${'c'.repeat(100)}`
  expect(parseRecord({ task_arn: arn })).toEqual({ ok: true, values: { task_arn: arn } })
})

interface Property {
  readonly description: string
  readonly type?: string
  readonly anyOf?: readonly object[]
  readonly pattern?: string
  readonly items?: Property
  readonly enum?: readonly string[]
}

test('the schema has each field with its sentence, and no others', () => {
  const profile = awsRecord()
  const schema = recordSchema(profile) as {
    readonly properties: Readonly<Record<string, Property>>
    readonly additionalProperties: boolean
  }
  expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false })
  expect(JSON.stringify(schema)).toContain('not an AWS format')
  expect(Object.keys(schema.properties)).toEqual(profile.fields.map(({ name }) => name))
  for (const { name, doc, type, list, values } of profile.fields) {
    const property = schema.properties[name]!
    expect(property.description).toBe(doc)
    const one = list ? property.items! : property
    if (list) expect(property.type).toBe('array')
    if (values !== undefined) expect(one.enum).toEqual(values)
    const types = { integer: 'integer', float: 'number', boolean: 'boolean', text: 'string', address: 'string' }
    if (type === 'unsigned64') expect(one.anyOf).toHaveLength(2)
    else expect(one.type).toBe(types[type!])
  }
})

test('what the schema says in patterns, the examples keep', () => {
  const { properties } = recordSchema(awsRecord()) as { readonly properties: Readonly<Record<string, Property>> }
  for (const example of Object.values(AWS_EXAMPLES)) {
    for (const [name, value] of Object.entries(example)) {
      const { pattern } = properties[name]!
      if (pattern !== undefined) expect(value).toMatch(new RegExp(pattern, 'u'))
    }
  }
})
