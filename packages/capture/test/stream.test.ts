import { execFile, spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import type { FrameBatch, FrameSource } from '@geneve-telemetry/core/wire'
import { describe, expect, test } from 'vitest'
import { CaptureAccessError, openCapture, readCapture } from '../src/index.ts'
import { takeAll } from './taken.ts'
import { concat, description, enhancedPacket, type Frame, type PcapLayout, pcap, pcapRecord, section } from './written.ts'

const run = promisify(execFile)

const LAYOUT: PcapLayout = { little: true, kind: 'micros', linkField: 1 }
const FRAME: Frame = { seconds: 1, nanos: 0, bytes: new Uint8Array(60), wireLength: 60, linkType: 1, direction: 0 }
const RECORD = pcapRecord(LAYOUT, FRAME)
const NG_PACKET = enhancedPacket(true, { interfaceId: 0, time: 0n, bytes: FRAME.bytes, wireLength: 60 })

const GROWING = [
  { name: 'pcap', start: pcap(LAYOUT, []), frame: RECORD },
  { name: 'pcapng', start: concat(section(true), description(true, { linkType: 1 })), frame: NG_PACKET },
]

async function next(iterator: AsyncIterator<FrameBatch>): Promise<number> {
  const { done, value } = await iterator.next()
  return done ? 0 : value.count
}

const iterate = (source: FrameSource): AsyncIterator<FrameBatch> => source[Symbol.asyncIterator]()

describe.each(GROWING)('a growing pipe of $name', ({ start, frame }) => {
  test('gives frames as soon as they are whole', async () => {
    const pipe = new PassThrough()
    const source = readCapture(pipe)
    const iterator = iterate(source)
    pipe.write(concat(start, frame))
    expect(await next(iterator)).toBe(1)
    pipe.write(concat(frame, frame, frame.subarray(0, 30)))
    expect(await next(iterator)).toBe(2)
    const pending = next(iterator)
    pipe.write(frame.subarray(30))
    expect(await pending).toBe(1)
    pipe.end(frame.subarray(0, 30))
    expect(await next(iterator)).toBe(0)
    expect(source.damage).toBeUndefined()
    expect(source.cutShort?.byteOffset).toBe(start.length + 4 * frame.length)
  })

  test('gives them through gzip that is flushed, too', async () => {
    const pipe = createGzip()
    const iterator = iterate(readCapture(pipe))
    pipe.write(concat(start, frame))
    pipe.flush()
    expect(await next(iterator)).toBe(1)
    pipe.write(frame)
    pipe.end()
    expect(await next(iterator)).toBe(1)
    expect(await next(iterator)).toBe(0)
  })

  test('ends where the caller stops it, while it waits', async () => {
    const pipe = new PassThrough()
    const stop = new AbortController()
    const source = readCapture(pipe, { signal: stop.signal, live: false })
    const iterator = iterate(source)
    pipe.write(concat(start, frame, frame.subarray(0, 20)))
    expect(await next(iterator)).toBe(1)
    const pending = next(iterator)
    await pause(20)
    stop.abort()
    expect(await pending).toBe(0)
    expect(source.damage).toBeUndefined()
    expect(source.cutShort?.byteOffset).toBe(start.length + frame.length)
    expect(pipe.destroyed).toBe(true)
  })
})

test('a source that is no Node stream is stopped, too', async () => {
  async function* silent(): AsyncGenerator<Uint8Array> {
    yield pcap(LAYOUT, [FRAME])
    await new Promise(() => {})
  }
  const stop = new AbortController()
  const iterator = iterate(readCapture(silent(), { signal: stop.signal }))
  expect(await next(iterator)).toBe(1)
  const pending = next(iterator)
  stop.abort()
  expect(await pending).toBe(0)
})

test('a source stopped before it begins gives nothing', async () => {
  await expect(takeAll(readCapture(new PassThrough(), { signal: AbortSignal.abort() }))).resolves.toEqual([])
})

test('a file is stopped between batches', async () => {
  const stop = new AbortController()
  const path = fileURLToPath(new URL('captures/ovs-gwlb-v4.pcap', import.meta.url))
  const source = openCapture(path, { chunkBytes: 1024, signal: stop.signal })
  let batches = 0
  for await (const _ of source) {
    batches++
    stop.abort()
  }
  expect(batches).toBe(1)
  expect(source.damage).toBeUndefined()
})

test('a source that is stopped hands out all that had arrived, and calls no whole frame cut', async () => {
  const stop = new AbortController()
  const frames = new Array<Frame>(10_000).fill(FRAME)
  const source = readCapture(Readable.from([pcap(LAYOUT, frames)]), { signal: stop.signal })
  let count = 0
  for await (const batch of source) {
    count += batch.count
    stop.abort()
  }
  expect([count, source.damage, source.cutShort]).toEqual([10_000, undefined, undefined])
})

test('leaving the loop early closes the stream', async () => {
  const pipe = new PassThrough()
  pipe.write(pcap(LAYOUT, [FRAME]))
  for await (const batch of readCapture(pipe)) {
    expect(batch.count).toBe(1)
    break
  }
  expect(pipe.destroyed).toBe(true)

  let returned = false
  const pieces: AsyncIterableIterator<Uint8Array> = {
    next: async () => ({ done: false, value: pcap(LAYOUT, [FRAME]) }),
    return: async () => {
      returned = true
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
  for await (const _ of readCapture(pieces)) break
  expect(returned).toBe(true)
})

test('a stream that fails is an error with its cause, after the frames before', async () => {
  const cause = new Error('connection reset')
  const stream = Readable.from(
    (async function* () {
      yield pcap(LAYOUT, [FRAME])
      throw cause
    })(),
  )
  const iterator = iterate(readCapture(stream))
  expect(await next(iterator)).toBe(1)
  const error = await iterator.next().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(CaptureAccessError)
  expect(error).toMatchObject({ message: 'the stream broke off: connection reset', cause })
})

test('a stream of text is refused', async () => {
  const stream = Readable.from([Buffer.from(pcap(LAYOUT, [FRAME]))], { encoding: 'latin1' })
  await expect(takeAll(readCapture(stream))).rejects.toThrow('the stream gives strings, not bytes; do not set an encoding on it')
})

test.skipIf(process.platform === 'win32')('a named pipe is read as it grows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'))
  try {
    const path = join(folder, 'pipe')
    await run('mkfifo', [path])
    const writer = createWriteStream(path)
    const source = openCapture(path)
    const iterator = iterate(source)
    writer.write(pcap(LAYOUT, [FRAME]))
    expect(await next(iterator)).toBe(1)
    writer.write(concat(RECORD, RECORD.subarray(0, 9)))
    expect(await next(iterator)).toBe(1)
    writer.end()
    expect(await next(iterator)).toBe(0)
    expect([source.bytesTotal, source.damage]).toEqual([undefined, undefined])
    expect(source.cutShort?.reason).toBe('the last frame is cut: 16 bytes needed, 9 there')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('standard input', () => {
  const face = new URL('../src/index.ts', import.meta.url).href
  const program = `
    const { openCapture } = await import(${JSON.stringify(face)})
    const source = openCapture('-')
    for await (const batch of source) console.log(batch.count)
    console.log(JSON.stringify([source.damage ?? null, source.cutShort ?? null]))`
  const start = () =>
    spawn(process.execPath, ['--conditions=@geneve-telemetry/source', '--input-type=module', '--eval', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })

  test('is read as it grows', async () => {
    const child = start()
    const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]()
    child.stdin.write(pcap(LAYOUT, [FRAME, FRAME]))
    expect((await lines.next()).value).toBe('2\n')
    child.stdin.write(RECORD)
    expect((await lines.next()).value).toBe('1\n')
    child.stdin.end(RECORD.subarray(0, 20))
    expect((await lines.next()).value).toContain('[null,{"reason":"the last frame is cut: 76 bytes needed, 20 there"')
  })

  test('is read to its end', async () => {
    const child = start()
    const bytes = readFileSync(new URL('captures/ovs-two-if.pcapng', import.meta.url))
    child.stdin.end(bytes)
    let printed = ''
    for await (const text of child.stdout.setEncoding('utf8')) printed += text
    const lines = printed.trim().split('\n')
    expect(lines.at(-1)).toBe('[null,null]')
    expect(lines.slice(0, -1).reduce((sum, line) => sum + Number(line), 0)).toBe(80)
  })
})
