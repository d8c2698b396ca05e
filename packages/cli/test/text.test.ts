import { readFileSync } from 'node:fs'
import { sampleFlowRecord } from '@geneve-telemetry/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { colorsFor } from '../src/colors.ts'
import { bytes, count, counted, duration } from '../src/figures.ts'
import { FlowRows } from '../src/flow-rows.ts'
import { exactJson } from '../src/json.ts'
import { endpoint, fieldsText, printable } from '../src/packet-text.ts'
import { progressText } from '../src/progress.ts'
import { Table } from '../src/table.ts'
import { TopFlows } from '../src/top-flows.ts'
import { VERSION } from '../src/version.ts'
import { run } from './program.ts'

const plain = (text: string | number | null | undefined): string => String(text)

describe('figures', () => {
  test.each([
    [count(1234567), '1,234,567'],
    [count(2n ** 63n), '9,223,372,036,854,775,808'],
    [counted(1, 'packet'), '1 packet'],
    [counted(0, 'packet'), '0 packets'],
    [bytes(0), '0 B'],
    [bytes(999), '999 B'],
    [bytes(1000), '1.0 kB'],
    [bytes(99_949), '99.9 kB'],
    [bytes(99_950), '100 kB'],
    [bytes(999_999), '1.0 MB'],
    [bytes(2n ** 64n), '18.4 EB'],
    [duration(0.0004), '0 ms'],
    [duration(0.0994), '99 ms'],
    [duration(0.1), '0.1 s'],
    [duration(9.96), '10 s'],
    [duration(59.6), '1 min 00 s'],
    [duration(3_599.6), '1 h 00 min'],
    [duration(7_500), '2 h 05 min'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})

describe('progress', () => {
  const progress = { packets: 1_000_000, bytes: 25, bytesTotal: 100 }

  test('has packets per second, and what is left where the end is known', () => {
    expect(progressText(progress, 2_000)).toBe('1,000,000 packets  500,000 packets/s  25 %  6.0 s left')
    expect(progressText({ ...progress, bytesTotal: undefined }, 2_000)).toBe('1,000,000 packets  500,000 packets/s')
  })

  test('does not guess in its first second', () => {
    expect(progressText(progress, 500)).toBe('1,000,000 packets  2,000,000 packets/s  25 %')
  })
})

describe('a table', () => {
  const columns = [{ title: 'NAME' }, { title: 'PACKETS', align: 'right' as const }, { title: 'NOTE' }]

  test('is aligned, without blanks at the ends of its lines', () => {
    const text = new Table(columns).all(
      [
        ['one', '1', ''],
        ['a longer one', '1,000', 'so it is'],
      ],
      plain,
    )
    expect(text).toBe('NAME          PACKETS  NOTE\none                 1\na longer one    1,000  so it is\n')
  })

  test('grows line by line, and stays so', () => {
    const table = new Table(columns)
    expect(['a', 'abcdef', 'b'].map((name) => table.line([name, '1', 'x']))).toEqual([
      'a           1  x\n',
      'abcdef        1  x\n',
      'b             1  x\n',
    ])
  })

  test('colours what stands in a cell, not its blanks', () => {
    const line = new Table(columns).line([{ text: 'a', color: (text) => `<${text}>` }, { text: '1', color: (text) => `<${text}>` }, ''])
    expect(line).toBe(`<a>${' '.repeat(3 + 2 + 6)}<1>\n`)
  })
})

describe('colours', () => {
  test('are for terminals', () => {
    const { NO_COLOR, TERM } = process.env
    delete process.env['NO_COLOR']
    process.env['TERM'] = 'xterm'
    expect(colorsFor({ isTTY: true }).red('x')).toBe('\u001b[31mx\u001b[39m')
    expect(colorsFor({ isTTY: false }).red('x')).toBe('x')
    process.env['NO_COLOR'] = '1'
    expect(colorsFor({ isTTY: true }).red('x')).toBe('x')
    if (NO_COLOR === undefined) delete process.env['NO_COLOR']
    else process.env['NO_COLOR'] = NO_COLOR
    if (TERM === undefined) delete process.env['TERM']
    else process.env['TERM'] = TERM
  })
})

describe('what stands in packets', () => {
  test('does not command the terminal', () => {
    expect(fieldsText({ name: 'a\u001b[2Jb\n', deep: { x: 1n, y: true } })).toBe('name=a\\u{1b}[2Jb\\u{a} deep=x=1 y=true')
    expect(printable('Zürich 東京')).toBe('Zürich 東京')
  })

  test('does not command it from within JSON, and reads the same', () => {
    const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('')
    const text = exactJson({ [controls]: controls })
    expect(text).not.toMatch(/\p{Cc}/u)
    expect(JSON.parse(text)).toEqual({ [controls]: controls })
  })

  test('addresses of both versions', () => {
    expect([endpoint('192.0.2.1', 443), endpoint('2001:db8::1', 443), endpoint('2001:db8::1'), endpoint()]).toEqual([
      '192.0.2.1:443',
      '[2001:db8::1]:443',
      '2001:db8::1',
      '?',
    ])
  })

  test('JSON has 64-bit numbers with all digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), (value) => {
        expect(exactJson({ value })).toBe(`{"value":${value}}`)
      }),
    )
  })
})

describe('flows', () => {
  test('the VNIs of both directions where they differ', () => {
    expect(new FlowRows(colorsFor({})).line(sampleFlowRecord())).toMatch(/ 10\/11 +10 +8 +1\.2 kB +9\.0 kB {2}\[FSPA\]/)
  })

  test('the largest stay, of any number in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2_000 }), (sizes) => {
        const { forward } = sampleFlowRecord()
        const flows = sizes.map((size, index) => ({ ...sampleFlowRecord(), frame: index, forward: { ...forward, bytes: size } }))
        const top = new TopFlows(5)
        for (const flow of flows) top.add(flow)
        const expected = flows.toSorted((one, other) => other.forward.bytes - one.forward.bytes || one.frame - other.frame).slice(0, 5)
        expect(top.list().map(({ frame }) => frame)).toEqual(expected.map(({ frame }) => frame))
      }),
    )
  })
})

describe('the program', () => {
  test('knows its version, as the manifest has it', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(VERSION).toBe(version)
    expect(await run(['--version'])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' })
  })

  test.each([[['--help']], [['decode', '--help']], [['summary', '--help']], [['flows', '--help']], [['run', '--help']]])(
    '%j explains, with exit code 0',
    async (args) => {
      const { code, stdout, stderr } = await run(args)
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^Usage: geneve-telemetry/)
      if (args.length === 1) expect(stdout).toMatch(/Examples:\n.*Exit codes:\n {2}0 /s)
    },
  )
})
