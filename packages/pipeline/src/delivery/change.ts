/** Something that others wait for, again and again. */
export class Change {
  #next: PromiseWithResolvers<void> | undefined

  /** All that wait now go on. */
  happened(): void {
    this.#next?.resolve()
    this.#next = undefined
  }

  /** Resolves with the next change, at the latest after `mostMs` if there is such a limit. */
  async next(mostMs?: number): Promise<void> {
    this.#next ??= Promise.withResolvers()
    if (mostMs === undefined) return await this.#next.promise
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, mostMs)
    await Promise.race([this.#next.promise, promise])
    clearTimeout(timer)
  }
}
