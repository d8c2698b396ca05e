import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { colorsFor } from '../src/colors.ts'
import { VIEWS } from '../src/top/columns.ts'
import { keysOf } from '../src/top/keys.ts'
import type { Measured, TopRow } from '../src/top/measured.ts'
import { narrow } from '../src/top/narrow.ts'
import { afterKey, FIRST_OUTLOOK, type Outlook, type Room, within } from '../src/top/outlook.ts'
import { picture, rowsShown } from '../src/top/picture.ts'
import { TopRows } from '../src/top/top-rows.ts'
import { run } from './program.ts'

const COLORLESS = colorsFor({})
const SCREEN = { columns: 80, rows: 24 }

function rowOf(name: string, figures: Partial<TopRow> = {}): TopRow {
  return { texts: [name], packets: 1, bytes: 1, packetRate: 0, byteRate: 0, flows: 0, ...figures }
}

function measuredOf(rows: readonly TopRow[], rest: Partial<Measured> = {}): Measured {
  return { source: 'a.pcap', time: '2026-11-22 20:40:14 UTC', state: 'reading', sums: ['2 frames', '1/s'], rows, more: false, ...rest }
}

const roomFor = (shown: number, columns = 80): Room => ({ shown, columns })

const looking = (outlook: Partial<Outlook>): Outlook => ({ ...FIRST_OUTLOOK, ...outlook })

describe('a picture', () => {
  test('has what is measured, what it is sorted by, and the keys', () => {
    const rows = [rowOf('vpce-1', { packets: 1234, bytes: 5_600_000, packetRate: 2.25, byteRate: 1500, flows: 7 })]
    const lines = picture(measuredOf(rows), FIRST_OUTLOOK, SCREEN, COLORLESS).map((line) => line.trimEnd())
    expect(lines[0]).toBe('geneve-telemetry top  2026-11-22 20:40:14 UTC  a.pcap')
    expect(lines[1]).toBe('2 frames  1/s')
    expect(lines[2]).toBe('[endpoints]  VNIs  flows  told of   1-1 of 1')
    expect(lines[3]?.split(/ +/)).toEqual(['ENDPOINT', 'PKT/S', 'BYTES/S*', 'PACKETS', 'BYTES', 'FLOWS'])
    expect(lines[4]?.split(/ {2,}/)).toEqual(['vpce-1', '2.3', '1.5 kB', '1,234', '5.6 MB', '7'])
    expect(lines.slice(5, -1).join('')).toBe('')
    expect(lines.at(-1)).toMatch(/^q quit .*sort .*pause .*scroll$/)
  })

  test('says that it stands still, and why', () => {
    const [paused] = picture(measuredOf([]), looking({ isPaused: true }), SCREEN, COLORLESS)
    const [ended] = picture(measuredOf([], { state: 'ended' }), FIRST_OUTLOOK, SCREEN, COLORLESS)
    const [broken] = picture(measuredOf([], { state: 'broken' }), FIRST_OUTLOOK, SCREEN, COLORLESS)
    expect([paused, ended, broken].map((line) => /PAUSED|END OF INPUT|INPUT BROKEN/.exec(line!)?.[0])).toEqual([
      'PAUSED',
      'END OF INPUT',
      'INPUT BROKEN',
    ])
  })

  test('begins where it was scrolled to', () => {
    const rows = Array.from({ length: 40 }, (_, index) => rowOf(`row-${index}`))
    const lines = picture(measuredOf(rows, { more: true }), looking({ offset: 5 }), SCREEN, COLORLESS)
    expect(lines[2]?.trimEnd()).toMatch(/ 6-24 of 40 \(the top ones\)$/)
    expect(lines[4]).toMatch(/^row-5 /)
    expect(lines.at(-2)).toMatch(/^row-23 /)
  })

  test('shows round trips of flows, where there are any', () => {
    const rows = [0.000_08, 0.012_34, 0.5, 2.5, undefined].map((roundTrip) =>
      rowOf('tcp', { texts: ['tcp', '192.0.2.1:1', '192.0.2.2:80', '7'], ...(roundTrip !== undefined && { roundTrip }) }),
    )
    const lines = picture(measuredOf(rows), looking({ view: 'flows', sort: 'roundTrip' }), SCREEN, COLORLESS)
    expect(lines[3]).toMatch(/ RTT\*$/)
    expect(lines.slice(4, 9).map((line) => line.slice(-9).trim())).toEqual(['80 us', '12.3 ms', '500 ms', '2.5 s', '-'])
  })

  test('fills any screen, whatever is on it: each line as wide, without a control character', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    const row = fc.record({
      texts: fc.array(text, { maxLength: 4 }).map((texts) => texts.map(narrow)),
      packets: fc.nat(),
      bytes: fc.maxSafeNat(),
      packetRate: fc.double({ min: 0, max: 1e7, noNaN: true }),
      byteRate: fc.double({ min: 0, max: 1e12, noNaN: true }),
      flows: fc.nat(),
    })
    const size = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) })
    const view = fc.constantFrom(...VIEWS.map(({ id }) => id))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 50 }), size, view, fc.nat(60), text, (rows, screen, id, offset, source) => {
        const outlook = within(looking({ view: id, offset }), rows.length, rowsShown(screen))
        const lines = picture(measuredOf(rows, { source: narrow(source) }), outlook, screen, COLORLESS)
        expect(lines.length).toBe(screen.rows)
        for (const line of lines) expect(line).toMatch(new RegExp(`^[ -~]{${screen.columns}}$`))
      }),
    )
  })
})

describe('keys', () => {
  test('have names as terminals send them, several at a time', () => {
    expect(keysOf('q\u001b[A\u001bOB\u001b[5~\u001b[6~\u001b[H\u001b[4~\t \u0003')).toEqual([
      'q',
      'up',
      'down',
      'page-up',
      'page-down',
      'home',
      'end',
      'tab',
      ' ',
      'interrupt',
    ])
  })

  test('that nobody asked for do nothing', () => {
    expect(keysOf('\u001b[15~\u001b[1;5C\u001b\u0001é')).toEqual([])
    expect(afterKey(FIRST_OUTLOOK, 'x', 10, roomFor(5))).toBe(FIRST_OUTLOOK)
  })

  test('scroll within the rows', () => {
    const offsets: number[] = []
    let outlook = FIRST_OUTLOOK
    for (const key of ['down', 'page-down', 'end', 'down', 'up', 'page-up', 'home', 'up']) {
      outlook = afterKey(outlook, key, 40, roomFor(10))
      offsets.push(outlook.offset)
    }
    expect(offsets).toEqual([1, 11, 30, 30, 29, 19, 0, 0])
    expect(afterKey(FIRST_OUTLOOK, 'end', 3, roomFor(10)).offset).toBe(0)
    expect(within(looking({ offset: 30 }), 12, 10).offset).toBe(2)
  })

  test('choose the view, which keeps its order where it can, and begin at its top', () => {
    const flows = afterKey(looking({ sort: 'bytes', offset: 3 }), 'f', 40, roomFor(10))
    expect(flows).toEqual({ view: 'flows', sort: 'bytes', offset: 0, isPaused: false })
    expect(afterKey(looking({ view: 'flows', sort: 'roundTrip' }), 'e', 1, roomFor(1))).toMatchObject({
      view: 'endpoints',
      sort: 'packetRate',
    })
    const round = VIEWS.reduce((outlook) => afterKey(outlook, 'tab', 0, roomFor(0)), FIRST_OUTLOOK)
    expect(round.view).toBe('endpoints')
  })

  test('choose the column to sort by, forth and back', () => {
    const next = afterKey(FIRST_OUTLOOK, 's', 0, roomFor(0))
    expect(next.sort).toBe('packets')
    // Of the flows, packets are not on a narrow screen.
    expect([80, 100].map((columns) => afterKey(looking({ view: 'flows' }), 's', 0, roomFor(0, columns)).sort)).toEqual(['bytes', 'packets'])
    expect(afterKey(next, 'S', 0, roomFor(0)).sort).toBe('byteRate')
    expect(afterKey(looking({ sort: 'flows' }), 's', 0, roomFor(0)).sort).toBe('packetRate')
    expect(afterKey(looking({ sort: 'packetRate' }), 'S', 0, roomFor(0)).sort).toBe('flows')
  })

  test('stop and go on', () => {
    const paused = afterKey(FIRST_OUTLOOK, ' ', 0, roomFor(0))
    expect([paused.isPaused, afterKey(paused, 'p', 0, roomFor(0)).isPaused]).toEqual([true, false])
  })
})

test('the top rows are those that sorting all of them gives', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (all, most) => {
      const rows = new TopRows('packets', most)
      for (const packets of all) rows.add(rowOf('', { packets }))
      expect(rows.list().map(({ packets }) => packets)).toEqual([...all].sort((one, other) => other - one).slice(0, most))
      expect(rows.isCut).toBe(all.length > most)
    }),
  )
})

test.each([
  [['top', 'examples/captures/gwlb.pcap'], 'needs a terminal to draw on; summary prints'],
  [['top', 'a.pcap', '--bind', '127.0.0.1:0'], '--bind receives packets: it takes no FILE'],
  [['top', 'no-such.pcap'], 'needs a terminal'],
])('%j where it cannot be: one line says what to do', async (args, message) => {
  const { code, stdout, stderr } = await run(args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr.trimEnd()).not.toContain('\n')
})
