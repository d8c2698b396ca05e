import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { PacketDescriber } from '@geneve-telemetry/core'
import { geneveDatagram } from '@geneve-telemetry/core/testing'
import { OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, type FrameBatch, IS_GENEVE, PacketView } from '@geneve-telemetry/core/wire'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CaptureAccessError, type ListenOptions, listenUdp, type UdpSource } from '../src/index.ts'

const TIME_MS = 1_700_000_000_250.5

/** A source at a free port. */
async function listening(options: Partial<ListenOptions> = {}): Promise<UdpSource> {
  const aborter = new AbortController()
  onTestFinished(() => aborter.abort())
  return listenUdp({ port: 0, address: '127.0.0.1', clock: () => TIME_MS, signal: aborter.signal, ...options })
}

/** Sends datagrams to a port of this machine, slowly enough that the kernel has room for them, and returns the port they come from. */
async function send(datagrams: readonly Uint8Array[], port: number, address = '127.0.0.1'): Promise<number> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.connect(port, address)
  await once(socket, 'connect')
  for (const [index, datagram] of datagrams.entries()) {
    await new Promise((resolve) => socket.send(datagram, resolve))
    if (index % 10 === 9) await new Promise(setImmediate)
  }
  const { port: own } = socket.address()
  socket.close()
  return own
}

async function batchOf(source: UdpSource): Promise<FrameBatch | undefined> {
  const { done, value } = await source[Symbol.asyncIterator]().next()
  return done ? undefined : value
}

/** The only frame of a batch, decoded. */
function decoded({ view, offset, end, linkType, wireLength, count }: FrameBatch, port: number): ReturnType<PacketDescriber['describe']> {
  const packet = new PacketView(new DecodeRules([port]))
  expect(count).toBe(1)
  expect(decodePacket(view, offset[0]!, end[0]!, linkType[0]!, packet, wireLength[0]!)).toBe(IS_GENEVE)
  return new PacketDescriber(new OptionTable([])).describe(packet)
}

describe('a datagram becomes a frame', () => {
  test.each([
    ['IPv4', '127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['IPv4, bound to all addresses', '0.0.0.0', '127.0.0.1', '127.0.0.1', '0.0.0.0'],
    ['IPv6', '::1', '::1', '::1', '::1'],
    ['IPv6, bound to all addresses', '::', '::1', '::1', '::'],
    ['IPv4, bound to all addresses of both versions', '::', '127.0.0.1', '127.0.0.1', '0.0.0.0'],
  ])('%s', async (_, address, to, source, destination) => {
    const socket = await listening({ address })
    const { port } = socket.local
    const sourcePort = await send([geneveDatagram({ vni: 77 })], port, to)
    const batch = await batchOf(socket)
    const packet = decoded(batch!, port)
    expect(packet.outer).toEqual({ source, destination, sourcePort, destinationPort: port, ttl: 0 })
    expect(packet).toMatchObject({ geneve: { vni: 77 }, inner: { source: '192.0.2.1', protocol: 'tcp' } })
    expect(packet.issue).toBeUndefined()
    expect([batch!.seconds[0], batch!.nanos[0]]).toEqual([1_700_000_000, 250_500_000])
  })

  test('of the largest size that there is, or of none', async () => {
    const source = await listening()
    const largest = new Uint8Array(65_507).fill(7)
    await send([largest, new Uint8Array(0)], source.local.port)
    const lengths: number[] = []
    while (lengths.length < 2) {
      const { view, count, offset, end, wireLength } = (await batchOf(source))!
      for (let index = 0; index < count; index++) {
        expect(wireLength[index]).toBe(end[index]! - offset[index]!)
        expect(view.getUint16(offset[index]! + 2)).toBe(wireLength[index])
        lengths.push(wireLength[index]!)
      }
    }
    expect(lengths).toEqual([20 + 8 + 65_507, 28])
  })
})

test('datagrams that came together are one batch, numbered on from the one before', async () => {
  const source = await listening()
  await send([geneveDatagram({ vni: 1 })], source.local.port)
  await batchOf(source)
  await send([geneveDatagram({ vni: 2 }), geneveDatagram({ vni: 3 }), geneveDatagram({ vni: 4 })], source.local.port)
  await pause(50)
  const { count, firstFrame, view, offset } = (await batchOf(source))!
  expect([count, firstFrame]).toEqual([3, 2])
  const VNI = 20 + 8 + 4
  expect([0, 1, 2].map((index) => view.getUint32(offset[index]! + VNI) >>> 8)).toEqual([2, 3, 4])
})

describe('the signal', () => {
  test('ends the wait', async () => {
    const aborter = new AbortController()
    const source = await listening({ signal: aborter.signal })
    const waiting = batchOf(source)
    aborter.abort()
    expect(await waiting).toBeUndefined()
  })

  test('leaves what had arrived', async () => {
    const aborter = new AbortController()
    const source = await listening({ signal: aborter.signal })
    await send([geneveDatagram()], source.local.port)
    await pause(50)
    aborter.abort()
    expect((await batchOf(source))?.count).toBe(1)
    expect(await batchOf(source)).toBeUndefined()
  })
})

test('leaving it while it waits frees the port', async () => {
  const source = await listening()
  const iterator = source[Symbol.asyncIterator]()
  const waiting = iterator.next()
  await iterator.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  const { port } = source.local
  expect((await listening({ port })).local.port).toBe(port)
})

test('what comes while nobody reads is kept as far as there is room, and the rest is counted', async () => {
  const aborter = new AbortController()
  const source = await listening({ signal: aborter.signal })
  const datagrams = Array.from({ length: 6_000 }, () => new Uint8Array(8))
  await send(datagrams, source.local.port)
  await pause(50)
  aborter.abort()
  let kept = 0
  for await (const { count } of source) kept += count
  expect(kept).toBe(4_096)
  expect(kept + source.dropped).toBe(datagrams.length)
  expect(source.dropped).toBeGreaterThan(0)
})

test.skipIf(process.platform !== 'linux')('the kernel says what it threw away', async () => {
  const aborter = new AbortController()
  const source = await listening({ signal: aborter.signal, receiveBufferBytes: 2_048 })
  expect(source.receiveBufferBytes).toBeLessThan(10_000)
  const sender = createSocket('udp4')
  // Nothing is read before this has run to its end.
  const sent = Array.from(
    { length: 100 },
    () => new Promise((resolve) => sender.send(new Uint8Array(500), source.local.port, '127.0.0.1', resolve)),
  )
  await Promise.all(sent)
  sender.close()
  await pause(50)
  aborter.abort()
  let kept = 0
  for await (const { count } of source) kept += count
  expect(source.dropped).toBeGreaterThan(0)
  expect(kept + source.dropped).toBe(sent.length)
})

describe('what cannot be', () => {
  test('a port that another socket has', async () => {
    const { port } = (await listening()).local
    const failure = await listening({ port }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CaptureAccessError)
    expect(String(failure)).toMatch(
      `cannot listen at UDP port ${port} of 127.0.0.1: another socket has it; end that program, or choose another port or address`,
    )
  })

  test('an address that this machine does not have', async () => {
    await expect(listening({ address: '192.0.2.1' })).rejects.toThrow(
      'cannot listen at UDP port 0 of 192.0.2.1: this machine does not have that address',
    )
  })

  test.each([-1, 65_536, 1.5])('port %d', async (port) => {
    await expect(listening({ port })).rejects.toThrow(new RangeError(`port: ${port} is not a whole number from 0 to 65535`))
  })
})
