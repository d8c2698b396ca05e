/** A `ts` block of a README: a module that runs by itself, and what it prints where the README says so. */
export interface Block {
  /** Line of the README on which its code begins, from 1. */
  readonly line: number
  readonly code: string
  /** The `text` block that follows it. */
  readonly prints?: string
}

/** All `ts` blocks of a Markdown text, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  const fences = [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', body = ''] = match
    return { language, body, line: markdown.slice(0, match.index).split('\n').length + 1 }
  })
  return fences.flatMap(({ language, body, line }, index) => {
    if (language !== 'ts') return []
    const next = fences[index + 1]
    return [{ line, code: body, ...(next?.language === 'text' ? { prints: next.body } : {}) }]
  })
}
