import { faces, importsOf, resolve } from './imports.ts'
import { type Rule, sources } from './tree.ts'

/** No file reaches itself over imports, whether of values or of types, within a package or across several. */
export const cycles: Rule = (tree) => {
  const known = faces(tree)
  const next = new Map<string, readonly string[]>()
  for (const [path, text] of sources(tree)) {
    next.set(path, [...new Set(importsOf(path, text).map(({ specifier }) => resolve(path, specifier, known) ?? ''))])
  }
  const broken: string[] = []
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (path: string): void => {
    const at = trail.indexOf(path)
    if (at >= 0) broken.push(`${path}:1 imports itself: ${[...trail.slice(at), path].join(' -> ')}`)
    if (at >= 0 || done.has(path)) return
    trail.push(path)
    for (const target of next.get(path) ?? []) visit(target)
    trail.pop()
    done.add(path)
  }
  for (const path of next.keys()) visit(path)
  return broken
}
