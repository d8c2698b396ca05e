import { listenUdp, type UdpSource } from '@geneve-telemetry/capture'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { messageOf, OperatorError } from './exit.ts'
import { counted } from './figures.ts'
import { type HostPort, hostPortText } from './host-port.ts'
import { type DecodingOptions, decodingOf, type Reading } from './reading.ts'

/** Where datagrams are waited for. */
export interface BindOptions {
  readonly bind: HostPort
  readonly receiveBuffer: number
}

/** What comes to a socket, as a reading. */
export interface Listening extends Reading {
  readonly source: UdpSource
}

/** Throws OperatorError for what cannot be. From when this resolves, datagrams are kept. */
export async function listeningOf(options: DecodingOptions & BindOptions, signal: AbortSignal): Promise<Listening> {
  const { bind, receiveBuffer: receiveBufferBytes } = options
  const decoding = await decodingOf(options)
  const source = await listenAt(bind, receiveBufferBytes, signal)
  const { address, port } = source.local
  process.stderr.write(`geneve-telemetry: listening at ${hostPortText({ host: address, port })}\n`)
  return { ...decoding, rules: new DecodeRules([port], decoding.table.roles), linkType: undefined, isPipe: true, source }
}

async function listenAt(bind: HostPort, receiveBufferBytes: number, signal: AbortSignal): Promise<UdpSource> {
  try {
    return await listenUdp({ address: bind.host, port: bind.port, receiveBufferBytes, clock: Date.now, signal })
  } catch (error) {
    throw new OperatorError(`--bind ${hostPortText(bind)}: ${messageOf(error)}`)
  }
}

/** What a socket lost, for whoever reads the ledgers: it is not in them, since it was never read. */
export function dropsText({ dropped, receiveBufferBytes }: Pick<UdpSource, 'dropped' | 'receiveBufferBytes'>): string {
  if (dropped === 0) return ''
  return `geneve-telemetry: ${counted(dropped, 'datagram')} came faster than they were read and ${dropped === 1 ? 'was' : 'were'} lost; the kernel keeps ${counted(receiveBufferBytes, 'byte')}, see --receive-buffer\n`
}
