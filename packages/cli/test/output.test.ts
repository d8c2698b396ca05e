import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Output } from '../src/output.ts'

const folder = mkdtempSync(join(tmpdir(), 'geneve-output-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('an output', () => {
  test('keeps the order of text and bytes, in whatever pieces', async () => {
    const path = join(folder, 'pieces')
    const descriptor = openSync(path, 'w')
    const output = new Output(descriptor)
    let expected = ''
    for (let index = 0; index < 3_000; index++) {
      const piece = `${index} ${'ä'.repeat(index % 100)}\n`
      expected += piece
      if (index % 7 === 0) output.writeBytes(Buffer.from(piece))
      else output.write(piece)
      if (index % 500 === 0) await output.settle()
    }
    await output.flush()
    closeSync(descriptor)
    expect(readFileSync(path, 'utf8')).toBe(expected)
  })

  test('that cannot be written says so once, and takes no more', async () => {
    const descriptor = openSync('/dev/full', 'w')
    const output = new Output(descriptor)
    expect(output.broken.aborted).toBe(false)
    output.write('lost')
    await output.flush()
    expect([output.broken.aborted, output.failure?.code]).toEqual([true, 'ENOSPC'])
    output.write('x'.repeat(10_000_000))
    await output.settle()
    await output.flush()
    closeSync(descriptor)
  })
})
