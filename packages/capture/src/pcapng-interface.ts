import { Clock } from './clock.ts'
import { findOption } from './pcapng-option.ts'

const IF_TSRESOL = 9
const IF_FCSLEN = 13
const IF_TSOFFSET = 14

/** What an Interface Description Block says about the frames of its interface. */
export interface Interface {
  readonly linkType: number
  /** 0 for no limit. */
  readonly snapLength: number
  /** Bytes of frame check sequence at the end of each frame. */
  readonly fcs: number
  readonly clock: Clock
}

/**
 * |  link type 2  |  reserved 2  |  snap length 4  |  options  |     draft-ietf-opsawg-pcapng, 4.2
 */
export function readInterface(view: DataView, at: number, end: number, little: boolean): Interface {
  const options = at + 8
  const resolution = findOption(view, options, end, little, IF_TSRESOL, 1)
  const offset = findOption(view, options, end, little, IF_TSOFFSET, 8)
  const fcs = findOption(view, options, end, little, IF_FCSLEN, 1)
  return {
    linkType: view.getUint16(at, little),
    snapLength: view.getUint32(at + 4, little),
    fcs: fcs < 0 ? 0 : fcsBytes(view.getUint8(fcs)),
    clock: new Clock(
      resolution < 0 ? undefined : view.getUint8(resolution),
      offset < 0 ? undefined : Number(view.getBigInt64(offset, little)),
    ),
  }
}

/** Drafts of the format left open whether if_fcslen counts bytes or bits, so the usual 4 bytes are written as 4 and as 32. */
function fcsBytes(length: number): number {
  return length < 16 ? length : length >>> 3
}
