/** A point as a server reads it: strings as they are, other fields as they stand (`18i`, `0.5`, `true`). */
export interface Point {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string | { readonly string: string }>>
  readonly time: string
}

/**
 * Reads line protocol, by the rules of one server or another.
 *
 * @param doubled whether two backslashes outside of quotes mean one (InfluxDB 3, VictoriaMetrics) or two (InfluxDB 1 and 2)
 */
export function parseLines(text: string, doubled: boolean): readonly Point[] {
  const points: Point[] = []
  let at = 0

  const fail = (what: string): never => {
    throw new Error(`${what} at ${at} of ${JSON.stringify(text)}`)
  }

  /** Up to one of the ends that is not escaped. */
  function word(ends: string, escapable: string): string {
    let found = ''
    for (; at < text.length; at++) {
      const character = text[at]!
      const next = text[at + 1] ?? ''
      if (character === '\\' && next !== '' && (escapable.includes(next) || (doubled && next === '\\'))) found += text[++at]
      else if (ends.includes(character)) break
      else if (character === '\n') fail('a line ends too early')
      else found += character
    }
    return found === '' ? fail('nothing') : found
  }

  function fieldValue(): string | { string: string } {
    if (text[at] !== '"') {
      const value = word(', ', '')
      return /^(?:-?\d+i|\d+u|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|true|false)$/.test(value) ? value : fail(`no value: ${value}`)
    }
    let string = ''
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text[at] === '\n') fail('a text without end')
      if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++
      string += text[at]
    }
    at++
    return { string }
  }

  const expectNext = (character: string): void => {
    if (text[at] !== character) fail(`no ${JSON.stringify(character)}`)
    at++
  }

  while (at < text.length) {
    const measurement = word(', ', ', ')
    const tags: Record<string, string> = {}
    const fields: Record<string, string | { string: string }> = {}
    let before = ''
    while (text[at] === ',') {
      at++
      const key = word('=', ',= ')
      expectNext('=')
      if (key in tags || key <= before) fail(`tag ${key} is out of order`)
      tags[key] = word(', ', ',= ')
      before = key
    }
    do {
      at++
      const key = word('=', ',= ')
      expectNext('=')
      if (key in tags || key in fields) fail(`${key} is there twice`)
      fields[key] = fieldValue()
    } while (text[at] === ',')
    expectNext(' ')
    const begin = at
    while (/\d/.test(text[at] ?? '')) at++
    if (at === begin) fail('no time')
    points.push({ measurement, tags, fields, time: text.slice(begin, at) })
    expectNext('\n')
  }
  return points
}
