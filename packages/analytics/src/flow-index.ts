/**
 * Finds nodes by hash: chains of small integers, of which each stands in one chain at most. Numbers are kept plus one, so that fresh memory, which is all
 * zero, is an empty index.
 */
export class FlowIndex {
  readonly #heads: Int32Array
  readonly #next: Int32Array
  readonly #mask: number

  /** For nodes from 0 to `nodes` - 1, of which about `filed` at a time are in the index. */
  constructor(nodes: number, filed: number) {
    const buckets = 2 ** Math.ceil(Math.log2(filed * 2))
    this.#heads = new Int32Array(buckets)
    this.#next = new Int32Array(nodes)
    this.#mask = buckets - 1
  }

  /** The first node that may have this hash, -1 if none has. */
  first(hash: number): number {
    return this.#heads[hash & this.#mask]! - 1
  }

  /** The next one after it. */
  after(node: number): number {
    return this.#next[node]! - 1
  }

  add(node: number, hash: number): void {
    const bucket = hash & this.#mask
    this.#next[node] = this.#heads[bucket]!
    this.#heads[bucket] = node + 1
  }

  remove(node: number, hash: number): void {
    const bucket = hash & this.#mask
    if (this.#heads[bucket] === node + 1) {
      this.#heads[bucket] = this.#next[node]!
      return
    }
    let before = this.first(hash)
    while (this.after(before) !== node) before = this.after(before)
    this.#next[before] = this.#next[node]!
  }
}
