import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openCapture } from '../src/index.ts'
import { inPieces, takeAll } from './taken.ts'

const folder = fileURLToPath(new URL('captures', import.meta.url))

test.each(readdirSync(folder))('%s gives the same frames in any chunks', async (name) => {
  const path = join(folder, name)
  const frames = await takeAll(openCapture(path))
  expect(frames.length).toBeGreaterThan(0)
  for (const chunkBytes of [256, 257, 1000, 4096, 10_000]) {
    const source = openCapture(path, { chunkBytes })
    expect(await takeAll(source)).toEqual(frames)
    expect(source.damage).toBeUndefined()
  }
  const bytes = new Uint8Array(readFileSync(path))
  for (const size of [1, 13, 4000]) expect(await takeAll(inPieces(bytes, [size]))).toEqual(frames)
})

test('the two formats of one capture have the same frames', async () => {
  const [classic, next] = await Promise.all(
    ['ovs-gwlb-v4.pcap', 'ovs-gwlb-v4.pcapng'].map((name) => takeAll(openCapture(join(folder, name)))),
  )
  expect(next!.map(({ bytes, wireLength, linkType }) => ({ bytes, wireLength, linkType }))).toEqual(
    classic!.map(({ bytes, wireLength, linkType }) => ({ bytes, wireLength, linkType })),
  )
})
