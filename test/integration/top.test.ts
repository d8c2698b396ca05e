import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { command, ROOT } from '../command.ts'
import { Tmux } from './tmux.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-top-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SOURCE = '--conditions=@geneve-telemetry/source'
const MAIN = 'packages/cli/src/main.ts'
const TOP = `${process.execPath} ${SOURCE} ${MAIN} top`
const CAPTURE = 'examples/captures/gwlb.pcap'

const hasTmux = await command('tmux', ['-V']).then(
  () => true,
  () => false,
)
const reason = hasTmux ? '' : ' (skipped: tmux is not installed)'

let terminal: Tmux | undefined
afterEach(() => terminal?.end())

async function opened(): Promise<Tmux> {
  terminal = new Tmux(80, 24, ROOT)
  await terminal.returns()
  return terminal
}

/** The shell is on the main screen again, sees the cursor and each letter that is typed, and says how the program ended. */
async function restored(tmux: Tmux, code: number): Promise<void> {
  expect(await tmux.asked('echo $?')).toContain(String(code))
  const lines = await tmux.asked('stty -a')
  expect(lines.join(' ')).toMatch(/ icanon /)
  expect(lines.join(' ')).toMatch(/ isig /)
  expect(['alternate_on', 'cursor_flag', 'wrap_flag'].map((name) => tmux.state(name))).toEqual(['0', '1', '1'])
}

describe.skipIf(!hasTmux)(`top in a terminal${reason}`, () => {
  test('shows a file again and again, takes keys, fits the window, and gives the terminal back', async () => {
    const tmux = await opened()
    tmux.type(`${TOP} ${CAPTURE} --loop`)
    let lines = await tmux.shows('vpce-00123456789abcdef')
    expect(['alternate_on', 'cursor_flag'].map((name) => tmux.state(name))).toEqual(['1', '0'])
    expect(lines[3]).toMatch(/^ENDPOINT +PKT\/S BYTES\/S\* +PACKETS +BYTES +FLOWS$/)
    expect(lines.at(-1)).toMatch(/^q quit .*scroll$/)

    tmux.press('f')
    await tmux.shows('[flows]')
    await tmux.shows(/^tcp +192\.168\.83\.1:\S+ +192\.168\.83\.2:80 .* us$/m)
    await tmux.shows('1-4 of 4')
    tmux.press('s')
    await tmux.shows('BYTES*')

    tmux.press('Space')
    const still = await tmux.shows('PAUSED')
    tmux.resize(110, 8)
    lines = await tmux.shows('192.168.83.1:60471')
    expect(lines.length).toBe(8)
    expect(lines[1]).toBe(still[1])
    expect(lines[2]).toContain('1-3 of 4')
    expect(lines.at(-1)).toMatch(/^q quit/)
    tmux.press('Down')
    await tmux.shows('2-4 of 4')
    tmux.press('Space')
    await tmux.shows(/^geneve-telemetry(?!.*PAUSED)/)

    tmux.resize(80, 24)
    tmux.press('q')
    await tmux.returns()
    await restored(tmux, 0)
  })

  test('keeps the sums of a file on the screen until it is left', async () => {
    const tmux = await opened()
    tmux.type(`${TOP} ${CAPTURE}`)
    const lines = await tmux.shows('END OF INPUT')
    expect(lines[1]).toMatch(/^31 frames {2}GENEVE 31 packets /)
    tmux.press('v')
    await tmux.shows('[VNIs]')
    tmux.press('C-c')
    await tmux.returns()
    await restored(tmux, 130)
  })

  test('takes keys while a capture comes through a pipe', async () => {
    const tmux = await opened()
    // The shell waits for both ends of the pipe.
    tmux.type(`(cat ${CAPTURE}; sleep 5) | ${TOP}`)
    await tmux.shows('vpce-00123456789abcdef')
    tmux.press('v')
    const lines = await tmux.shows('[VNIs]')
    expect(lines[1]).toContain('31 packets')
    tmux.press('q')
    await tmux.returns()
    await restored(tmux, 0)
  })

  test('shows what comes to a socket, and what telemetry records tell of', async () => {
    const tmux = await opened()
    tmux.type(`${TOP} --bind 127.0.0.1:0 2> ${join(folder, 'address')}`)
    await tmux.shows('waiting for packets')
    tmux.resize(130, 24)
    tmux.press('t')
    const [, address] = /listening at (\S+)/.exec(readFileSync(join(folder, 'address'), 'utf8')) ?? []
    const record = join(folder, 'record.ndjson')
    writeFileSync(record, '{"service_type":"VPC","vpc_id":"vpc-12345678","latency":12}\n')
    await command(process.execPath, [SOURCE, MAIN, 'send', record, '--to', address!])
    await tmux.shows(/^vpc_id +vpc-12345678 .*latency=12/m)
    tmux.press('q')
    await tmux.returns()
    await restored(tmux, 0)
  })

  test('gives the terminal back when a signal ends it', async () => {
    const tmux = await opened()
    const file = join(folder, 'pid')
    tmux.type(`sh -c 'echo $$ > ${file}; exec ${TOP} ${CAPTURE} --loop'`)
    await tmux.shows('vpce-00123456789abcdef')
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGTERM')
    await tmux.returns()
    await restored(tmux, 143)
  })

  test('gives it back before it says what is wrong with a file', async () => {
    const tmux = await opened()
    tmux.type(`${TOP} package.json`)
    await tmux.shows('geneve-telemetry: ')
    await restored(tmux, 1)
  })

  test('shows what comes before a damage, and says on the way out where it is', async () => {
    const tmux = await opened()
    const file = join(folder, 'damaged.pcap')
    writeFileSync(file, Buffer.concat([readFileSync(join(ROOT, CAPTURE)), Buffer.alloc(64, 0xff)]))
    tmux.type(`${TOP} ${file}`)
    const lines = await tmux.shows('INPUT BROKEN')
    expect(lines[1]).toContain('31 packets')
    tmux.press('q')
    await tmux.shows('the capture is damaged at byte')
    await restored(tmux, 2)
  })
})
