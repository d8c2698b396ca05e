/** What is wrong with a vendor's table, and where: `['options', 0, 'fields', 2, 'type']`. */
export class VendorTableError extends TypeError {
  readonly path: readonly (string | number)[]

  constructor(path: readonly (string | number)[], message: string) {
    super(`${pathText(path)}: ${message}`)
    this.name = 'VendorTableError'
    this.path = path
  }
}

/** A value somewhere in a table that nobody has checked yet; each question throws VendorTableError where the answer cannot be given. */
export class TablePlace {
  readonly path: readonly (string | number)[]
  readonly #value: unknown

  constructor(value: unknown, path: readonly (string | number)[] = []) {
    this.#value = value
    this.path = path
  }

  get isThere(): boolean {
    return this.#value !== undefined
  }

  get isList(): boolean {
    return Array.isArray(this.#value)
  }

  fail(message: string): never {
    throw new VendorTableError(this.path, message)
  }

  /** The members of an object that has none but these. */
  members<K extends string>(...known: readonly K[]): Readonly<Record<K, TablePlace>> {
    const members = this.#object()
    for (const name of Object.keys(members)) {
      if (!known.some((one) => one === name))
        new TablePlace(members[name], [...this.path, name]).fail(`there is no such member; there are ${known.join(', ')}`)
    }
    return Object.fromEntries(known.map((name) => [name, new TablePlace(members[name], [...this.path, name])])) as Record<K, TablePlace>
  }

  /** The members of an object by whatever names it has. */
  entries(): readonly (readonly [name: string, place: TablePlace])[] {
    return Object.entries(this.#object()).map(([name, value]) => [name, new TablePlace(value, [...this.path, name])])
  }

  items(): readonly TablePlace[] {
    if (!Array.isArray(this.#value) || this.#value.length === 0) return this.#is('no list with something in it')
    return this.#value.map((value, index) => new TablePlace(value, [...this.path, index]))
  }

  whole(least: number, most: number): number {
    const value = this.#value
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      return this.#is(`no whole number from ${least} to ${most}`)
    return value
  }

  text(): string {
    const value = this.#value
    if (typeof value !== 'string' || value.trim() === '') return this.#is('no text')
    return value
  }

  /** A name as backends have them: letters, digits and underscores, in parts with dots between. */
  dotted(): string {
    const text = this.text()
    return /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/i.test(text) ? text : this.#is('no name of letters, digits, underscores and dots')
  }

  snakeCase(): string {
    const text = this.text()
    return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(text) ? text : this.#is('not snake_case')
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    return allowed.find((one) => one === this.#value) ?? this.#is(`none of ${allowed.join(', ')}`)
  }

  #object(): Readonly<Record<string, unknown>> {
    const value = this.#value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.#is('no object')
    return value as Readonly<Record<string, unknown>>
  }

  get #shown(): string {
    const value = this.#value
    if (Array.isArray(value)) return 'a list'
    return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value)
  }

  #is(wrong: string): never {
    return this.fail(this.isThere ? `${this.#shown} is ${wrong}` : 'it is missing')
  }
}

function pathText(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return text === '' ? 'the table' : text.replace(/^\./, '')
}
