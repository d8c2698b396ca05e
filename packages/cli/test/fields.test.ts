import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtInVendors, type RecordField } from '@geneve-telemetry/core/vendors'
import { expect, test } from 'vitest'
import { ROOT, run } from './program.ts'

const FIELDS: readonly RecordField[] = builtInVendors.flatMap(({ record }) => record?.fields ?? [])
const NOT_AWS = 'not an AWS format'

test('the documentation page is what the program prints: npx -y pnpm@12 record-page', async () => {
  const { code, stdout } = await run(['fields', '--format', 'markdown'])
  expect(code).toBe(0)
  expect(readFileSync(join(ROOT, 'packages/core/docs/telemetry-record.md'), 'utf8')).toBe(stdout)
  expect(stdout).toContain(NOT_AWS)
  for (const { name, doc, otel, ecs } of FIELDS) for (const text of [`| \`${name}\` |`, doc, otel, ecs]) expect(stdout).toContain(text)
})

test('a table has a line per field', async () => {
  const { code, stdout } = await run(['fields'])
  expect(code).toBe(0)
  const lines = stdout.split('\n')
  expect(stdout).toContain(NOT_AWS)
  for (const { number, name, doc } of FIELDS) {
    expect(lines.filter((line) => line.trimStart().startsWith(`${number}  ${name} `) && line.endsWith(doc))).toHaveLength(1)
  }
})

test('JSON has all there is to know', async () => {
  const { stdout } = await run(['fields', '--format', 'json'])
  const listed = JSON.parse(stdout) as readonly { readonly number: number; readonly name: string }[]
  expect(listed.map(({ number, name }) => `${number} ${name}`)).toEqual(FIELDS.map(({ number, name }) => `${number} ${name}`))
  expect(listed.find(({ name }) => name === 'rule_action')).toEqual({
    vendor: 'Amazon',
    optionClass: 0x0105,
    number: 25,
    name: 'rule_action',
    group: 'security',
    wire: 'text',
    type: 'text',
    values: ['ALLOW', 'DENY'],
    instrument: 'state',
    unit: '',
    cardinality: 'bounded',
    doc: 'What the rule says.',
    otel: 'geneve.aws.rule_action',
    ecs: 'geneve.aws.rule_action',
    influx: 'rule_action',
  })
})

test.each([
  ['nat_gateway', (field: RecordField) => field.group === 'nat_gateway'],
  ['bgp', (field: RecordField) => field.name.startsWith('bgp_')],
  ['id', (field: RecordField) => /(?:^|_)id/.test(field.name)],
  ['ALB', (field: RecordField) => field.group === 'load_balancer' && !/^(?:active_flows|new_flows|target_resets)$/.test(field.name)],
])('fields %s', async (name, belongs) => {
  const { stdout } = await run(['fields', name, '--format', 'json'])
  const listed = (JSON.parse(stdout) as readonly RecordField[]).map((field) => field.name).filter((each) => each !== 'availability_zone')
  expect(listed).toEqual(FIELDS.filter(belongs).map((field) => field.name))
})

test('a name that nothing has is refused, with those there are', async () => {
  const { code, stdout, stderr } = await run(['fields', 'lattency'])
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(
    /^geneve-telemetry: fields lattency: no field has that word in its name; groups are identity, .*; services are VPC, .*\n$/,
  )
})
