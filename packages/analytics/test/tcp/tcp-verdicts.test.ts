import { genevePacket, type TcpFields, tcp } from '@geneve-telemetry/core/testing'
import { describe, expect, test } from 'vitest'
import { TcpVerdicts, type TcpVerdictsOptions } from '../../src/tcp/tcp-verdicts.ts'
import { TCP_VERDICTS, tcpVerdictNames, VERDICT } from '../../src/tcp/verdict.ts'
import { back, Tap } from '../tap.ts'

// test/conformance has what tshark says of the same packets; here is what bounds do.

class Judge {
  readonly verdicts: TcpVerdicts
  readonly #tap: Tap

  constructor(options: TcpVerdictsOptions = {}) {
    const { maxFlows = 2 } = options
    this.verdicts = new TcpVerdicts({ ...options, maxFlows })
    this.#tap = new Tap({ analyzers: [this.verdicts], records: false, maxFlows, duplicates: 'count' })
  }

  client(fields: TcpFields, length = 0): TcpVerdicts {
    this.#tap.frame(genevePacket({ segment: tcp(fields, new Uint8Array(length)) }))
    return this.verdicts
  }

  /** Fields as the client would send them: ports are the other way round. */
  server(fields: TcpFields): TcpVerdicts {
    this.#tap.frame(genevePacket(back({ tcp: fields })))
    return this.verdicts
  }
}

test('each name has its bit', () => {
  expect(Object.keys(VERDICT).map((name) => name.toLowerCase())).toEqual(TCP_VERDICTS)
  expect(Object.values(VERDICT).map(tcpVerdictNames)).toEqual(TCP_VERDICTS.map((name) => [name]))
})

describe('bounds', () => {
  test('without room for a segment its acknowledgement has no time, and verdicts are the same', () => {
    const judge = new Judge({ maxSegments: 1 })
    judge.client({ sequence: 1000 }, 100)
    judge.client({ sequence: 1100 }, 100)
    expect(judge.server({ acknowledgement: 1200 })).toMatchObject({ isJudged: true, verdicts: 0, ackRttNanos: 0 })
    expect(judge.client({ sequence: 1300 }, 100).verdicts).toBe(VERDICT.LOST_SEGMENT)
    expect(judge.server({ acknowledgement: 1400 })).toMatchObject({ verdicts: VERDICT.ACK_LOST_SEGMENT, ackRttNanos: 1e9 })
  })

  test('a flow that has ended gives its segments back', () => {
    const judge = new Judge({ maxSegments: 1, maxFlows: 1 })
    for (const sourcePort of [1, 2, 3]) {
      judge.client({ sourcePort, sequence: 1000 }, 100)
      expect(judge.server({ sourcePort, acknowledgement: 1050 }).verdicts).toBe(0)
    }
    // All that were before have left theirs half acknowledged.
    judge.client({ sourcePort: 4, sequence: 1000 }, 100)
    expect(judge.server({ sourcePort: 4, acknowledgement: 1100 }).ackRttNanos).toBe(1e9)
  })

  test('options that cannot be are named', () => {
    expect(() => new TcpVerdicts({ maxSegments: 0 })).toThrow('maxSegments: 0 is not a number of segments from 1 to 16777216')
  })
})

test('a packet of no flow, and one that is no TCP segment, is not judged', () => {
  const verdicts = new TcpVerdicts({ maxFlows: 1 })
  const tap = new Tap({ analyzers: [verdicts], maxFlows: 1 })
  tap.frame(genevePacket({}))
  expect(verdicts.isJudged).toBe(true)
  tap.frame(genevePacket({ control: true }))
  expect(verdicts.isJudged).toBe(false)
  tap.frame(genevePacket({}).subarray(0, 70))
  expect(verdicts.isJudged).toBe(false)
})
