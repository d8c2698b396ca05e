import { DecodeRules, type FrameBatch, type FrameSource } from '@geneve-telemetry/core/wire'
import { expect, test } from 'vitest'
import { ExporterOutlet } from '../src/delivery/exporter-outlet.ts'
import { run } from '../src/run.ts'
import { backend } from './backend.ts'
import { framesSource } from './frames.ts'

test('a file that takes long to say that it cannot be read is not begun', async () => {
  const iterator: AsyncIterator<FrameBatch> = {
    next: async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      throw new Error('no capture')
    },
  }
  const source: FrameSource = { ...framesSource([]), [Symbol.asyncIterator]: () => iterator }
  const stage = () => ({ packet() {}, advance() {}, finish() {} })
  let starts = 0
  const { exporter } = backend(undefined, {
    async start() {
      starts++
    },
  })
  const running = run({ source, rules: new DecodeRules(), stage, outlets: [new ExporterOutlet(exporter)], observer: 'tap-1' })
  await expect(running).rejects.toThrow('no capture')
  expect(starts).toBe(0)
})
