import { type Emit, type Instant, PacketDescriber } from '@geneve-telemetry/core'
import { genevePacket, sampleFlowRecord } from '@geneve-telemetry/core/testing'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, type FrameBatch, type FrameSource, type PacketView } from '@geneve-telemetry/core/wire'
import { describe, expect, test } from 'vitest'
import { ExporterOutlet } from '../src/delivery/exporter-outlet.ts'
import { StartError } from '../src/delivery/outlet.ts'
import { PacketFilter } from '../src/filter.ts'
import type { Job, Stage, StageContext } from '../src/job.ts'
import { type FlowLedger, imbalances } from '../src/ledger.ts'
import { run } from '../src/run.ts'
import { backend } from './backend.ts'
import { batchOf, framesSource } from './frames.ts'

const rules = new DecodeRules()
const observer = 'tap-1'
const table = new OptionTable(builtInVendors)
const frame = { bytes: genevePacket() }

/** Writes a flow record for every second GENEVE packet, keeps the others. */
class Pairs implements Stage {
  readonly calls: string[] = []
  readonly #emit: Emit
  #live = 0
  #closed = 0

  constructor({ emit }: StageContext) {
    this.#emit = emit
  }

  get ledger(): FlowLedger {
    return { closed: this.#closed, live: this.#live, unattributed: {} }
  }

  packet({ frame, outcome }: PacketView): void {
    this.calls.push(`packet ${frame}`)
    if (outcome === 0 && ++this.#live === 2) this.#close()
  }
  advance({ seconds }: Instant): void {
    this.calls.push(`to ${seconds}`)
  }
  finish(): void {
    this.calls.push('end')
  }
  #close(): void {
    this.#live = 0
    this.#closed += 2
    const { forward, reverse } = sampleFlowRecord()
    this.#emit({ ...sampleFlowRecord(), forward: { ...forward, packets: 1 }, reverse: { ...reverse, packets: 1 } })
  }
}

/** A stage, and what it was called with. */
function pairs(): { stage: Job['stage']; calls: () => readonly string[] } {
  let made: Pairs | undefined
  const stage = (context: StageContext): Stage => {
    expect(made).toBeUndefined()
    expect([context.origin, context.observer]).toEqual(['0123456789abcdef', observer])
    made = new Pairs(context)
    return made
  }
  return { stage, calls: () => made?.calls ?? [] }
}

describe('the loop', () => {
  test('counts what the flow table says against what was analyzed', async () => {
    const { packets } = await run({ source: framesSource(new Array(7).fill(frame)), rules, stage: pairs().stage, observer })
    expect(packets).toMatchObject({ analyzed: 7, inEndedFlows: 6, inLiveFlows: 1, unattributed: {}, inFlowRecords: 6 })
    expect(imbalances(packets)).toEqual([])
  })

  test('shows the stage every frame, tells it the latest time after each batch, then that it is over', async () => {
    const { stage, calls } = pairs()
    const frames = [5, 9, 7, 8].map((seconds, index) => ({ ...frame, seconds, ...(index === 2 && { linkType: 999 }) }))
    await run({ source: framesSource(frames, 2), rules, stage, observer })
    expect(calls()).toEqual(['packet 1', 'packet 2', 'to 9', 'packet 3', 'packet 4', 'to 9', 'end'])
  })

  test('keeps from the stage the GENEVE packets that the filter refuses, and nothing else', async () => {
    const { stage, calls } = pairs()
    const filter = new PacketFilter(['vni=7'], table)
    const frames = [frame, { bytes: genevePacket({ vni: 7 }) }, { ...frame, linkType: 999 }, { bytes: frame.bytes.slice(0, 46) }]
    const { packets } = await run({ source: framesSource(frames, 4), rules, filter, stage, observer })
    expect(calls().slice(0, 3)).toEqual(['packet 2', 'packet 3', 'packet 4'])
    expect(packets).toMatchObject({ read: 4, filtered: { vni: 1 }, analyzed: 1 })
  })

  test('lets a stage with a great many records say them in parts, and sends them meanwhile', async () => {
    const { exporter, requests } = backend()
    const waiting: number[] = []
    let left = 10_500
    const stage = ({ emit }: StageContext): Stage => ({
      packet() {},
      advance() {},
      finish: () => emit({ ...sampleFlowRecord(), id: 'last' }),
      finishSome(records) {
        waiting.push(10_500 - left - requests().flat().length)
        for (let count = 0; count < records && left > 0; count++) emit({ ...sampleFlowRecord(), id: `flow-${left--}` })
        return left > 0
      },
    })
    await run({ source: framesSource([frame]), rules, stage, outlets: [new ExporterOutlet(exporter, { queueBytes: 100 })], observer })
    const ids = requests().flatMap((batch) => batch.map(({ id }) => id))
    expect([ids.length, new Set(ids).size, ids.at(-1)]).toEqual([10_501, 10_501, 'last'])
    expect(Math.max(...waiting)).toBeLessThan(100)
  })

  test('makes packet records, of GENEVE and of damaged frames, exactly for outlets that accept them', async () => {
    const frames = [frame, { bytes: frame.bytes.slice(0, 46) }, { bytes: frame.bytes, linkType: 999 }, frame]
    const describer = new PacketDescriber(table)
    const all = backend()
    const flowsOnly = backend()
    const outlets = [new ExporterOutlet(all.exporter), new ExporterOutlet(flowsOnly.exporter, { kinds: ['flow'] })]
    const result = await run({ source: framesSource(frames), rules, describer, outlets, stage: pairs().stage, observer })
    expect(all.taken()).toEqual(['0123456789abcdef-1', '0123456789abcdef-2', sampleFlowRecord().id, '0123456789abcdef-4'])
    expect(flowsOnly.taken()).toEqual([sampleFlowRecord().id])
    expect(result.outlets[0]?.kinds.packet).toMatchObject({ offered: 3, delivered: 3, rejected: {}, dropped: {}, queued: 0 })
  })

  test('tells what broke the capture off', async () => {
    const damage = { reason: 'a block ends early', byteOffset: 99 }
    expect((await run({ source: framesSource([frame], 1, damage), rules, stage: pairs().stage, observer })).damage).toBe(damage)
  })

  test('does not begin when an outlet cannot, and closes the others', async () => {
    const good = backend()
    const bad = backend()
    const outlets = [good.exporter, { ...bad.exporter, start: () => Promise.reject(new Error('choose another folder')) }]
    const job = { source: framesSource([frame]), rules, stage: pairs().stage, observer }
    const running = run({ ...job, outlets: outlets.map((exporter) => new ExporterOutlet(exporter)) })
    await expect(running).rejects.toThrow(new StartError('memory: choose another folder'))
    expect([good.closed(), bad.closed(), good.taken()]).toEqual([1, 1, []])
  })

  test('leaves outlets alone when the source cannot be read at all', async () => {
    let started = 0
    const { exporter } = backend(undefined, { start: async () => void started++ })
    const source: FrameSource = {
      ...framesSource([]),
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('there is no such file')) }),
    }
    const job = { source, rules, stage: pairs().stage, outlets: [new ExporterOutlet(exporter)], observer }
    await expect(run(job)).rejects.toThrow('there is no such file')
    expect(started).toBe(0)
  })

  test('decodes by the link type that the job names', async () => {
    const frames = [{ bytes: frame.bytes, linkType: 999 }]
    const { packets } = await run({ source: framesSource(frames), linkType: 1, rules, stage: pairs().stage, observer })
    expect(packets.geneve).toBe(1)
  })

  test('finishes what it has when the source fails, and passes the failure on', async () => {
    const source = framesSource([frame])
    const failing: FrameSource = {
      ...source,
      async *[Symbol.asyncIterator]() {
        yield batchOf([frame, frame], 1)
        throw new Error('the disk is gone')
      },
    }
    const { exporter, closed, taken } = backend()
    const job = { source: failing, rules, stage: pairs().stage, outlets: [new ExporterOutlet(exporter)], observer }
    const { failure, packets } = await run(job)
    expect(failure).toEqual(new Error('the disk is gone'))
    expect(packets).toMatchObject({ read: 2, inEndedFlows: 2 })
    expect([closed(), taken()]).toEqual([1, [sampleFlowRecord().id]])
  })
})

describe('a source that stays open', () => {
  /** Gives one batch, then nothing, until it is told to end. */
  function pipe(frames: readonly (typeof frame)[]): { source: FrameSource; returned: () => boolean } {
    let returned = false
    let given = false
    const iterator: AsyncIterator<FrameBatch> = {
      next: () => {
        if (given) return new Promise(() => undefined)
        given = true
        return Promise.resolve({ value: batchOf(frames, 1) })
      },
      return: async () => {
        returned = true
        return { done: true, value: undefined }
      },
    }
    const source: FrameSource = {
      origin: '0123456789abcdef',
      damage: undefined,
      bytesRead: 0,
      bytesTotal: undefined,
      [Symbol.asyncIterator]: () => iterator,
    }
    return { source, returned: () => returned }
  }

  test('is left when the signal says so, and what it gave is finished and delivered', async () => {
    const stop = new AbortController()
    const { source, returned } = pipe([frame, frame, frame])
    const { exporter, taken, closed } = backend()
    const { stage, calls } = pairs()
    const pause = async (): Promise<void> => {
      setTimeout(() => stop.abort(), 5)
    }
    const result = await run({ source, rules, stage, outlets: [new ExporterOutlet(exporter)], observer, signal: stop.signal, pause })
    expect(result.interrupted).toBe(true)
    expect(result.packets).toMatchObject({ read: 3, inEndedFlows: 2, inLiveFlows: 1 })
    expect([taken(), closed(), calls().at(-1), returned()]).toEqual([[sampleFlowRecord().id], 1, 'end', true])
  })

  test('is left when an outlet cannot start, and when a stage throws', async () => {
    const unable = new ExporterOutlet(backend(undefined, { start: () => Promise.reject(new Error('no permission')) }).exporter)
    const broken = (): never => {
      throw new RangeError('a bug')
    }
    for (const [change, error] of [
      [{ outlets: [unable] }, 'no permission'],
      [{ stage: broken }, 'a bug'],
    ] as const) {
      const { source, returned } = pipe([frame])
      await expect(run({ source, rules, stage: pairs().stage, observer, ...change })).rejects.toThrow(error)
      expect(returned()).toBe(true)
    }
  })

  test('is not read at all after the signal', async () => {
    const result = await run({ source: framesSource([frame]), rules, stage: pairs().stage, observer, signal: AbortSignal.abort() })
    expect([result.interrupted, result.packets.read]).toEqual([true, 0])
  })

  test('what is queued goes out after a while, though no batch is full and the source says nothing', async () => {
    const stop = new AbortController()
    const { exporter, taken } = backend()
    const seen: string[][] = []
    const pause = async (): Promise<void> => {
      seen.push(taken())
      if (seen.length === 2) stop.abort()
    }
    const { source } = pipe([frame, frame])
    await run({
      source,
      rules,
      stage: pairs().stage,
      outlets: [new ExporterOutlet(exporter, { batchAgeMs: 50 })],
      observer,
      signal: stop.signal,
      pause,
    })
    expect(seen).toEqual([[], [sampleFlowRecord().id]])
  })

  test('time goes on while it is silent, where there is a clock, and never back', async () => {
    const stop = new AbortController()
    const { source } = pipe([frame])
    const { stage, calls } = pairs()
    const clockMs = [77_000, 83_000, 82_000, 84_000]
    const told = (): string[] => calls().filter((call) => call.startsWith('to '))
    const pause = async (): Promise<void> => {
      if (told().length === 4) stop.abort()
    }
    await run({ source, rules, stage, observer, signal: stop.signal, pause, clock: () => clockMs.shift()! })
    const [reached] = told().map((call) => Number(call.slice('to '.length)))
    // A second late: 83 - 77 - 1.
    expect(told()).toEqual([0, 5, 5, 6].map((seconds) => `to ${reached! + seconds}`))
  })

  test('a batch that comes together with the signal is read and counted', async () => {
    const stop = new AbortController()
    const { promise, resolve } = Promise.withResolvers<IteratorResult<FrameBatch>>()
    const iterator: AsyncIterator<FrameBatch> = {
      next: () => promise,
      return: async () => ({ done: true, value: undefined }),
    }
    const source: FrameSource = { ...framesSource([]), [Symbol.asyncIterator]: () => iterator }
    const running = run({ source, rules, stage: pairs().stage, observer, signal: stop.signal })
    setTimeout(() => {
      stop.abort()
      resolve({ value: batchOf([frame, frame], 1) })
    }, 5)
    const { packets, interrupted } = await running
    expect([packets.read, interrupted]).toEqual([2, true])
  })
})

test('what the stage emits goes to every outlet that accepts its kind', async () => {
  const backends = [backend(), backend(), backend()]
  const outlets = backends.map(({ exporter }, index) => new ExporterOutlet(exporter, index === 2 ? { kinds: ['metric'] } : {}))
  await run({ source: framesSource([frame, frame]), rules, stage: pairs().stage, outlets, observer })
  expect(backends.map(({ taken }) => taken().length)).toEqual([1, 1, 0])
})
