/** Random numbers that one seed repeats (xorshift32). */
export class Dice {
  #state: number

  /** Any whole number; 0 is no state of the generator, so it stands for another one. */
  constructor(seed: number) {
    this.#state = (seed | 0) === 0 ? 0x9e3779b9 : seed | 0
  }

  /** 0 to `count` - 1. */
  below(count: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % count
  }
}

/** Bytes that stand for something in one header or another. */
const TELLING_BYTES = [
  0x00, 0x01, 0x04, 0x06, 0x11, 0x1f, 0x29, 0x2c, 0x2f, 0x3f, 0x40, 0x45, 0x46, 0x60, 0x65, 0x7f, 0x80, 0x81, 0xc0, 0xff,
]

/**
 * Writes a changed copy of `packet` to `target` from `offset` on, and returns where it ends. It is changed in one to four places: a bit, a byte, a number of
 * two bytes, bytes taken out or put in, a piece of `other`, the end cut off.
 */
export function mutate(packet: Uint8Array, other: Uint8Array, target: Uint8Array, offset: number, dice: Dice): number {
  target.set(packet, offset)
  let end = offset + packet.byteLength
  for (let changes = 1 + dice.below(4); changes > 0 && end > offset + 4; changes--) {
    const at = offset + dice.below(end - offset)
    switch (dice.below(8)) {
      case 0:
        target[at]! ^= 1 << dice.below(8)
        break
      case 1:
        target[at] = dice.below(256)
        break
      case 2:
        target[at] = TELLING_BYTES[dice.below(TELLING_BYTES.length)]!
        break
      case 3:
        target[at] = dice.below(2) === 0 ? 0 : 0xff
        target[at + 1] = dice.below(256)
        break
      case 4: {
        const length = 1 + dice.below(8)
        target.copyWithin(at, at + length, end)
        end = Math.max(at, end - length)
        break
      }
      case 5: {
        const length = 1 + dice.below(8)
        target.copyWithin(at + length, at, end)
        end += length
        break
      }
      case 6: {
        const from = dice.below(other.byteLength)
        const piece = other.subarray(from, from + 1 + dice.below(60))
        target.set(piece, at)
        end = Math.max(end, at + piece.byteLength)
        break
      }
      case 7:
        end = at
    }
  }
  return end
}
