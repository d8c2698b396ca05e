import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FLOW_DIFFERENCES } from './flow-differences.ts'
import { ownStreams, tsharkStreams } from './flow-streams.ts'

/** The folder of captures beside the repository, or in SHARED_DIR. */
const FOLDER = join(process.env['SHARED_DIR'] ?? fileURLToPath(new URL('../../../shared', import.meta.url)), 'captures')
const CAPTURES = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.pcap(ng)?$/.test(name)) : []

if (CAPTURES.length === 0) {
  test('captures', ({ skip }) => {
    const reason = `skipped: there are no captures in ${FOLDER}; put the folder 'shared' beside the repository, or name it in SHARED_DIR`
    console.log(reason)
    skip(reason)
  })
}

describe.skipIf(CAPTURES.length === 0)('flows have the packets and bytes of the streams of tshark', () => {
  test.each(CAPTURES)('%s', async (capture) => {
    const path = join(FOLDER, capture)
    const streams = await tsharkStreams(path)
    const differences = (await ownStreams(path, streams)).map(({ stream }) => stream)
    const expected = FLOW_DIFFERENCES.flatMap(({ places }) => places[capture] ?? [])
    expect(differences.toSorted()).toEqual([...new Set(expected)].toSorted())
  })

  test('each class of differences occurs', () => {
    for (const { name, places } of FLOW_DIFFERENCES) {
      expect(Object.keys(places).length, name).toBeGreaterThan(0)
      for (const capture of Object.keys(places)) expect(CAPTURES).toContain(capture)
    }
  })
})
