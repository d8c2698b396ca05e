import type { Slab } from './slab.ts'

/**
 * Finds nodes by hash: chains of small integers from 1 up, of which each stands in one chain at most. 0 ends a chain, so fresh memory, which is all zero, is
 * an empty index. The hot loop walks the chains itself: `heads[hash & mask]`, then `next[node]`.
 */
export class FlowIndex {
  readonly heads: Int32Array
  readonly next: Int32Array
  readonly mask: number
  /** By node. */
  readonly #hashes: Int32Array

  /** For nodes up to `largest`, of which about `filed` at a time are in the index: takes at most 2 * largest + 4 * filed + 2 words of the slab. */
  constructor(largest: number, filed: number, slab: Slab) {
    const buckets = 2 ** Math.ceil(Math.log2(filed * 2))
    this.heads = slab.ints(buckets)
    this.next = slab.ints(largest + 1)
    this.#hashes = slab.ints(largest + 1)
    this.mask = buckets - 1
  }

  /** The first node that may have this hash. */
  first(hash: number): number {
    return this.heads[hash & this.mask]!
  }

  add(node: number, hash: number): void {
    const bucket = hash & this.mask
    this.next[node] = this.heads[bucket]!
    this.heads[bucket] = node
    this.#hashes[node] = hash
  }

  remove(node: number): void {
    const bucket = this.#hashes[node]! & this.mask
    const after = this.next[node]!
    let before = this.heads[bucket]!
    if (before === node) {
      this.heads[bucket] = after
      return
    }
    while (this.next[before] !== node) before = this.next[before]!
    this.next[before] = after
  }
}
