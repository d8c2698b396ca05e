import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A repository's text files: path from its root (with `/`) to content. The rules are functions of it, so a test can plant what they must find. */
export type Tree = ReadonlyMap<string, string>

/** What breaks a rule, as `path:line what`. */
export type Rule = (tree: Tree) => readonly string[]

/** All files that git tracks, or would if they were added, but for binary ones. */
export function readTree(root: string): Tree {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  const tree = new Map<string, string>()
  for (const path of new Set(listed.split('\0'))) {
    const text = path === '' ? undefined : readText(join(root, path))
    if (text !== undefined) tree.set(path, text)
  }
  return tree
}

/** Undefined for a binary file and for one that is tracked but deleted. */
function readText(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** The TypeScript files whose path matches. */
export function* sources(tree: Tree, pattern = /^/): Generator<readonly [path: string, text: string]> {
  for (const [path, text] of tree) if (path.endsWith('.ts') && pattern.test(path)) yield [path, text]
}
