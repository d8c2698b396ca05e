import { MOST_CUT_BYTES, type Slab } from './slab.ts'

/** UTF-8 needs at most so many bytes for one unit of UTF-16. */
export const MOST_UTF8_BYTES: number = 3

/** Makes a function from text to UTF-8, cut from the slab. */
export function slabEncoder(slab: Slab): (text: string) => Uint8Array {
  const encoder = new TextEncoder()
  return (text) => {
    const most = text.length * MOST_UTF8_BYTES
    if (most > MOST_CUT_BYTES) return encoder.encode(text)
    const { written } = encoder.encodeInto(text, slab.open(most).subarray(slab.begin))
    return slab.cut(slab.begin + written)
  }
}
