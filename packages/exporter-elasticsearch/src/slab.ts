const SLAB_BYTES = 65_536
/** UTF-8 needs at most so many bytes for one unit of UTF-16. */
const MOST_BYTES = 3

/**
 * Makes a function from text to UTF-8. An array of its own for each document costs as much as the document itself, so they are cut from slabs, which are
 * written once: what was cut stays as it is.
 */
export function slabEncoder(): (text: string) => Uint8Array {
  const encoder = new TextEncoder()
  let slab = new Uint8Array(SLAB_BYTES)
  let used = 0
  return (text) => {
    const room = text.length * MOST_BYTES
    if (room > SLAB_BYTES / 4) return encoder.encode(text)
    if (used + room > SLAB_BYTES) {
      slab = new Uint8Array(SLAB_BYTES)
      used = 0
    }
    const begin = used
    used += encoder.encodeInto(text, slab.subarray(begin)).written
    return slab.subarray(begin, used)
  }
}
