import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { CaptureAccessError, CaptureFormatError, openCapture } from '../src/index.ts'
import { takeAll, whole } from './taken.ts'

const folder = mkdtempSync(join(tmpdir(), 'capture-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CAPTURE = fileURLToPath(new URL('captures/ovs-gwlb-v4.pcap', import.meta.url))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('what is no capture is called by its name', () => {
  test.each([
    ['text', 'a text file', 'Frame 1: 74 bytes on wire\n'],
    ['text in UTF-8', 'a text file', 'größer als '],
    ['text in UTF-16', 'UTF-16', new Uint8Array([0xff, 0xfe, 0x41, 0])],
    ['JSON', 'JSON', '[\n  {"_index": "packets"}]'],
    ['XML', 'XML or HTML', '<?xml version="1.0"?>'],
    ['PDF', 'a PDF document', '%PDF-1.7\n%\u00e2'],
    ['ELF', 'a program (ELF)', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])],
    ['PNG', 'a PNG image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['zip', 'a zip archive; unpack it first', 'PK\u0003\u0004'],
    ['bzip2', 'bzip2; decompress it first', 'BZh91AY&SY'],
    ['xz', 'xz; decompress it first', new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4])],
    ['lz4', 'lz4; decompress it first', new Uint8Array([0x04, 0x22, 0x4d, 0x18, 0x64])],
    ['snoop', 'a snoop file', 'snoop\0\0\0'],
    ['zeros', 'zeros', new Uint8Array(100)],
    [
      'unknown',
      'it begins with 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff',
      Uint8Array.from({ length: 40 }, (_, i) => (i * 17) & 0xff),
    ],
    ['gzip of text', 'gzip of a text file', gzipSync('hello, world')],
    ['zstd of JSON', 'zstd of JSON', zstdCompressSync('{"a": 1}')],
    ['gzip of gzip', 'gzip of gzip; decompress it first', gzipSync(gzipSync('hello'))],
  ])('%s', async (name, looks, content) => {
    const path = file(name, content)
    const error = await takeAll(openCapture(path)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(CaptureFormatError)
    expect((error as Error).message).toContain(`${path} is no capture`)
    expect((error as Error).message).toContain(looks)
  })

  test('an empty file', async () => {
    await expect(takeAll(openCapture(file('empty', '')))).rejects.toThrow('is empty: nothing was ever captured into it')
  })

  test('a stream without a byte', async () => {
    await expect(takeAll(whole(new Uint8Array(0), { live: true }))).rejects.toThrow('the stream ended without a byte')
  })

  test('gzip of nothing', async () => {
    await expect(takeAll(openCapture(file('nothing', gzipSync(''))))).rejects.toThrow('it is gzip of nothing')
  })
})

describe('what cannot be read says why, and what helps', () => {
  test.each([
    ['a file that is not there', 'missing.pcap', 'ENOENT', 'there is no such file; check the path'],
    ['a folder', 'folder', 'EISDIR', 'it is a directory; name a capture file in it'],
    ['a path through a file', 'plain/x.pcap', 'ENOTDIR', 'there is no such file'],
  ])('%s', async (_, name, code, message) => {
    mkdirSync(join(folder, 'folder'), { recursive: true })
    file('plain', 'x')
    const error = await takeAll(openCapture(join(folder, name))).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(CaptureAccessError)
    expect((error as Error).message).toContain(message)
    expect((error as Error).cause).toMatchObject({ code })
  })
})

test('options and paths that cannot be are refused at once', () => {
  expect(() => openCapture('')).toThrow('path: it is empty')
  for (const chunkBytes of [0, 255, 2 ** 26 + 1, 1000.5, Number.NaN]) {
    expect(() => openCapture(CAPTURE, { chunkBytes })).toThrow(`chunkBytes: ${chunkBytes} is not a whole number from 256 to 67108864`)
  }
  expect(() => openCapture(CAPTURE, { origin: '' })).toThrow('origin: an empty text')
  expect(() => openCapture(CAPTURE, { origin: 'tap-7' })).toThrow("origin: 'tap-7' has a hyphen")
})

describe('the origin', () => {
  const originOf = async (path: string, options = {}): Promise<string> => {
    const source = openCapture(path, options)
    for await (const _ of source) return source.origin
    return ''
  }

  test('of a file is in its content, not in its name', async () => {
    const copy = join(folder, 'copy')
    copyFileSync(CAPTURE, copy)
    const origin = await originOf(CAPTURE)
    expect(origin).toMatch(/^[0-9a-f]{16}$/)
    expect(await originOf(copy)).toBe(origin)
  })

  test('of a file depends on each of the first 65,536 bytes, and on how many there are', async () => {
    const bytes = new Uint8Array(70_000)
    bytes.set(readFileSync(CAPTURE))
    const variant = async (change: (copy: Uint8Array) => Uint8Array): Promise<string> => originOf(file('variant', change(bytes.slice())))
    const changed = (at: number) => (copy: Uint8Array) => copy.fill(1, at, at + 1)
    const base = await variant((copy) => copy)
    expect(await variant(changed(65_535))).not.toBe(base)
    expect(await variant((copy) => copy.subarray(0, 69_999))).not.toBe(base)
    expect(await variant(changed(65_536))).toBe(base)
  })

  test('of a compressed file is in what lies on disk', async () => {
    expect(await originOf(file('packed', gzipSync(readFileSync(CAPTURE))))).not.toBe(await originOf(CAPTURE))
  })

  test('of a stream is another one each time', async () => {
    const bytes = new Uint8Array(readFileSync(CAPTURE))
    const sources = [whole(bytes), whole(bytes)]
    for (const source of sources) await takeAll(source)
    const [one, other] = sources.map((source) => source.origin)
    expect(one).toMatch(/^[0-9a-f]{16}$/)
    expect(other).not.toBe(one)
  })

  test('is what the caller says', async () => {
    expect(await originOf(CAPTURE, { origin: 'tap.7' })).toBe('tap.7')
  })
})

test('progress goes from nothing to the size of the file on disk', async () => {
  for (const content of [readFileSync(CAPTURE), gzipSync(readFileSync(CAPTURE))]) {
    const source = openCapture(file('progress', content), { chunkBytes: 1024 })
    expect(source.bytesRead).toBe(0)
    let last = 0
    for await (const _ of source) {
      expect(source.bytesTotal).toBe(content.length)
      expect(source.bytesRead).toBeGreaterThanOrEqual(last)
      last = source.bytesRead
    }
    expect(last).toBe(content.length)
  }
})

test.skipIf(process.platform === 'win32')('leaving the loop early closes the file', async () => {
  const open = (): number => readdirSync('/dev/fd').length
  const packed = file('early', gzipSync(readFileSync(CAPTURE)))
  const before = open()
  for (const path of [CAPTURE, packed]) {
    let during = 0
    for await (const _ of openCapture(path, { chunkBytes: 1024 })) {
      during = open()
      break
    }
    expect(during).toBe(before + 1)
    expect(open()).toBe(before)
  }
})

test('a capture is read once', async () => {
  const source = openCapture(CAPTURE)
  await takeAll(source)
  await expect(takeAll(source)).rejects.toThrow('read once')
})
