import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { genevePacket, hex, testVendor } from '@geneve-telemetry/core/testing'
import { type VendorTable, vendorFromTable } from '@geneve-telemetry/core/vendors'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { pcap } from './capture.ts'
import { json, ROOT, run } from './program.ts'

const EXAMPLE = join(ROOT, 'examples/vendor-table')
const ACME = readFileSync(join(EXAMPLE, 'acme.yaml'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'geneve-vendor-table-'))
afterAll(() => rmSync(folder, { recursive: true }))

testVendor(vendorFromTable(parse(ACME) as VendorTable), test)

const packet = pcap([{ bytes: genevePacket({ options: [{ class: 0xff01, type: 1, data: hex('00000102') }] }) }])

/** Decodes that packet with tables of these texts, in files called 0.yaml, 1.yaml, ... */
async function decoded(tables: readonly string[], ...more: readonly string[]) {
  const given = tables.flatMap((text, index) => {
    writeFileSync(join(folder, `${index}.yaml`), text)
    return ['--vendor-table', `${index}.yaml`]
  })
  return run(['decode', '--format', 'ndjson', ...given, ...more], { cwd: folder, input: packet })
}

const table = (field = 'type: uint', option = 'type: 1') => `vendor: Other
options:
  - class: 0xff01
    ${option}
    length: 4
    fields:
      - name: other_value
        doc: A value.
        ${field}
`

test('decodes with one table, and with several', async () => {
  const one = await decoded([table()])
  expect(json(one.stdout)).toMatchObject([{ telemetry: { Other: { other_value: 258 } } }])
  const two = await decoded([table('type: uint', 'type: 2'), ACME])
  expect(json(two.stdout)).toMatchObject([{ telemetry: { Acme: { acme_queue_depth: 258 } } }])
})

test('every command that takes --vendor takes it', async () => {
  writeFileSync(join(folder, 'acme.yaml'), ACME)
  const of = (...args: string[]) => run([...args, '--vendor-table', 'acme.yaml'], { cwd: folder, input: packet })
  expect((await of('summary', '--format', 'json')).stdout).toContain('"name": "acme_queue_depth"')
  expect((await of('flows', '--filter', 'vendor=acme', '--format', 'ndjson')).stdout).toContain('"network_flow"')
  expect((await of('run', '--packets', '--to', 'elasticsearch=file:out')).code).toBe(0)
  expect(readFileSync(join(folder, 'out/bulk.ndjson'), 'utf8')).toMatch(/"acme_queue_depth":258/)
  expect((await of('setup', 'elasticsearch=http://127.0.0.1:9')).stderr).toMatch(/setup elasticsearch=/)
})

describe('what is wrong is said with the file and the line, in one line, and nothing is decoded', () => {
  test.concurrent.each<[what: string, tables: readonly string[], message: string]>([
    ['a type', [table('type: uin')], '0.yaml:9: options[0].fields[0].type: "uin" is none of uint, int, boolean, '],
    ['a member', [table('kind: uint')], '0.yaml:9: options[0].fields[0].kind: there is no such member; there are name, doc, type, '],
    ['what is missing', [table('unit: ms')], '0.yaml:7: options[0].fields[0].type: it is missing'],
    ['an option', [table('type: uint', 'type: 256')], '0.yaml:4: options[0].type: 256 is no whole number from 0 to 255'],
    ['an empty member', [table('type:')], '0.yaml:9: options[0].fields[0].type: null is none of uint'],
    ['an empty file', [''], '0.yaml:1: the table: null is no object'],
    ['a list', ['- vendor: Other'], '0.yaml:1: the table: a list is no object'],
    ['no YAML', ['vendor: Other\noptions: [1'], '0.yaml:2: '],
    ['a key twice', ['vendor: Other\nvendor: Other\n'], '0.yaml:2: Map keys must be unique'],
    ['a tag', ['vendor: !own Other\n'], '0.yaml:1: Unresolved tag: !own'],
    ['two documents', ['vendor: Other\n---\nvendor: Other\n'], '0.yaml:2: Source contains multiple documents'],
    ['an anchor that is not there', ['vendor: *other\n'], '0.yaml:1: '],
    [
      'an option that another table has',
      [ACME, table('type: uint')],
      '1.yaml:3: vendor Other, option class 0xff01 type 1 is in the table twice',
    ],
    [
      'a name that another table has',
      [table(), table('type: uint', 'type: 2').replace('Other', 'More')],
      '1.yaml:3: vendors: the field "other_value" of More',
    ],
    [
      'a class that is the telemetry record’s',
      [table().replace('0xff01', '0x0105')],
      "0.yaml:3: vendor Other: it has options of class 0x0105, and Amazon's telemetry record needs a class to itself",
    ],
    [
      'an option that is built in',
      [table().replace('0xff01', '0x0108').replace('type: 1', 'type: 3')],
      '0.yaml:3: vendor Other, option class 0x0108 type 3 is in the table twice',
    ],
  ])('%s', async (_, tables, message) => {
    const inner = mkdtempSync(join(folder, 'one-'))
    const given = tables.flatMap((text, index) => {
      writeFileSync(join(inner, `${index}.yaml`), text)
      return ['--vendor-table', `${index}.yaml`]
    })
    const { code, stdout, stderr } = await run(['decode', ...given], { cwd: inner, input: packet })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toContain(`geneve-telemetry: --vendor-table ${message}`)
  })

  test('a file that is not there', async () => {
    const { code, stderr } = await run(['decode', '--vendor-table', 'none.yaml'], { cwd: folder, input: packet })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^geneve-telemetry: --vendor-table none.yaml: cannot be read: ENOENT/)])
  })

  test('the complaint that the README shows', async () => {
    const readme = readFileSync(join(EXAMPLE, 'README.md'), 'utf8')
    const [complaint = '', line = ''] = /^geneve-telemetry: .*acme\.yaml:(\d+): .*$/m.exec(readme) ?? []
    const lines = ACME.split('\n')
    const wrong = lines.with(Number(line) - 1, (lines[Number(line) - 1] ?? '').replace('uint', 'uin'))
    writeFileSync(join(folder, 'acme.yaml'), wrong.join('\n'))
    const { stderr } = await run(['decode', '--vendor-table', 'acme.yaml'], { cwd: folder, input: packet })
    expect(stderr).toBe(`${complaint}\n`)
  })
})

describe('decode --debug', () => {
  const bytes = pcap([
    {
      bytes: genevePacket({
        options: [
          { class: 0x0108, type: 3, data: hex('7a846ce4') },
          { class: 0x0108, type: 1, data: hex('00000000') },
          { class: 0x014b, type: 1, data: hex('') },
          { class: 0x014b, type: 0x01, data: hex('00000001') },
          { class: 0x0104, type: 1, data: hex('00000001') },
          { class: 0x0200, type: 1, data: hex('00000001') },
          { class: 0xff00, type: 1, data: hex('00000001') },
          { class: 0x0105, type: 126, data: hex('00000001') },
        ],
      }),
    },
    { bytes: genevePacket({ options: [{ class: 0x0108, type: 3, data: hex('7a846ce4') }] }) },
  ])

  test('says below each packet why its options are not decoded', async () => {
    const { stdout } = await run(['decode', '--debug'], { input: bytes })
    const below = stdout.split('\n').filter((line) => /^ {7}\S/.test(line))
    expect(below.map((line) => line.trim())).toEqual([
      'Amazon 0x0108/1: 4 bytes raw data 00000000: this type has 8 bytes',
      'Cilium 0x014b/1: 0 bytes raw data: the class is known, this type is not',
      'Cilium 0x014b/1: 4 bytes raw data 00000001: the class is known, this type is not',
      'VMware 0x0104/1: 4 bytes raw data 00000001: no table has the class, its owner has not published a format; see --vendor-table',
      'nobody 0x0200/1: 4 bytes raw data 00000001: the class is not assigned',
      'Experimental Use 0xff00/1: 4 bytes raw data 00000001: the class is for experiments, and no table has it; see --vendor-table',
      'Amazon 0x0105/126: 4 bytes raw data 00000001: telemetry record: unknown-number',
    ])
  })

  test('in ndjson as a member, where there are such options', async () => {
    const { stdout } = await run(['decode', '--debug', '--format', 'ndjson'], { input: bytes })
    const [first, second] = json(stdout)
    const raw = { length: 4, data: '00000001' }
    expect(first?.['undecoded']).toEqual([
      { option: 1, vendor: 'Amazon', class: '0x0108', type: 1, length: 4, data: '00000000', reason: 'other-length' },
      { option: 2, vendor: 'Cilium', class: '0x014b', type: 1, length: 0, data: '', reason: 'unknown-type' },
      { option: 3, vendor: 'Cilium', class: '0x014b', type: 1, ...raw, reason: 'unknown-type' },
      { option: 4, vendor: 'VMware', class: '0x0104', type: 1, ...raw, reason: 'no-public-format' },
      { option: 5, class: '0x0200', type: 1, ...raw, reason: 'unassigned-class' },
      { option: 6, vendor: 'Experimental Use', class: '0xff00', type: 1, ...raw, reason: 'experimental-class' },
      { option: 7, vendor: 'Amazon', class: '0x0105', type: 126, ...raw, reason: 'unknown-number' },
    ])
    expect(second).not.toHaveProperty('undecoded')
  })

  test('of a module whose reader throws, too', async () => {
    const module = `export default { name: 'Other', options: [{ optionClass: 0xff00, type: 1, length: 4, source: 'here', fields: [{
      name: 'other_value', instrument: 'gauge', unit: '', cardinality: 'bounded', doc: 'A value.', otel: 'other', ecs: 'other', influx: 'other',
      read: (view) => view.getUint32(view.byteLength), write: () => undefined }] }] }`
    writeFileSync(join(folder, 'throws.mjs'), module)
    const { code, stdout } = await run(['decode', '--debug', '--vendor', './throws.mjs'], { cwd: folder, input: bytes })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +Other 0xff00\/1: 4 bytes raw data 00000001: the table failed to read these bytes; see testVendor/m)
  })

  test('without it nothing is said', async () => {
    const { stdout } = await run(['decode', '--format', 'ndjson'], { input: bytes })
    for (const line of json(stdout)) expect(line).not.toHaveProperty('undecoded')
  })
})
