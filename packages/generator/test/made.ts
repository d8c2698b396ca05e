import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'
import { type FlowTruth, type GenerateOptions, generate, type TotalsTruth, type TruthLine } from '../src/index.ts'

const FILE_HEADER = 24
const RECORD_HEADER = 16
const LINK_TYPES = { ethernet: 1, raw: 101 }
const rules = new DecodeRules(undefined, new OptionTable(builtInVendors).roles)

/** A capture and its truth, whole. */
export interface Made {
  readonly link: 'ethernet' | 'raw'
  readonly bytes: Uint8Array
  readonly truth: readonly TruthLine[]
  readonly flows: readonly FlowTruth[]
  readonly totals: TotalsTruth
}

export function make(options: GenerateOptions): Made {
  const pieces: Uint8Array[] = []
  const truth: TruthLine[] = []
  for (const piece of generate(options)) {
    pieces.push(piece.bytes)
    truth.push(...piece.truth)
  }
  const flows = truth.filter((line) => line.kind === 'flow')
  const totals = truth.at(-1)
  if (totals?.kind !== 'totals') throw new Error('the last line is not the totals')
  return { link: options.link ?? 'ethernet', bytes: Buffer.concat(pieces), truth, flows, totals }
}

/** Walks the capture; the view is one object for all packets. */
export function* packetsOf({ link, bytes }: Made): Iterable<PacketView> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const packet = new PacketView(rules)
  let frame = 0
  for (let at = FILE_HEADER; at < bytes.byteLength; ) {
    const length = view.getUint32(at + 8, true)
    const start = at + RECORD_HEADER
    decodePacket(view, start, start + length, LINK_TYPES[link], packet)
    packet.frame = ++frame
    packet.seconds = view.getUint32(at, true)
    packet.nanos = view.getUint32(at + 4, true)
    yield packet
    at = start + length
  }
}
