const MOST_FRAGMENTS = 1024

/** What comes again from record to record, by what it says; made once. It changes no answer and is bounded. */
export class Fragments<K, F> {
  readonly #make: (key: K) => F
  readonly #fragments = new Map<K, F>()
  #last: { readonly key: K; readonly fragment: F } | undefined

  constructor(make: (key: K) => F) {
    this.#make = make
  }

  of(key: K): F {
    if (this.#last !== undefined && key === this.#last.key) return this.#last.fragment
    let fragment = this.#fragments.get(key)
    if (fragment === undefined) {
      fragment = this.#make(key)
      if (this.#fragments.size >= MOST_FRAGMENTS) this.#fragments.clear()
      this.#fragments.set(key, fragment)
    }
    this.#last = { key, fragment }
    return fragment
  }
}
