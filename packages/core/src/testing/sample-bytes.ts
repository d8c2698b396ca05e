/**
 * Bytes that look random, the same in every run; the first two are all zeros and all ones. Of the others one in four is each: random throughout, printable
 * text with up to three NULs behind it, and a few random bytes behind or before zeros, as small numbers and padded values are.
 */
export class SampleBytes {
  private state = 0x9e3779b9
  private count = 0

  next(length: number): Uint8Array<ArrayBuffer> {
    const data = new Uint8Array(length)
    const count = this.count++
    if (count < 2) return data.fill(count === 0 ? 0x00 : 0xff)
    const random = data.map(() => this.byte())
    const some = this.byte() % 8
    switch (count % 4) {
      case 0:
        return random.map((byte, index) => (index < length - (some % 4) ? 0x20 + (byte % 0x5f) : 0))
      case 1:
        return random.fill(0, 0, Math.max(0, length - some))
      case 2:
        return random.fill(0, some)
      default:
        return random
    }
  }

  /** xorshift32 */
  private byte(): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return this.state & 0xff
  }
}
