import { quote } from './json.ts'

/** A JSON object in the making: by key, a member's JSON or another such object. */
export type Tree = Map<string, Tree | string>

/** Puts a member's JSON at its path, from the key number `depth` on; false if something stands there or on the way. */
export function plant(tree: Tree, path: readonly string[], json: string, depth = 0): boolean {
  const key = path[depth] ?? ''
  const there = tree.get(key)
  if (depth >= path.length - 1) {
    if (there !== undefined) return false
    tree.set(key, json)
    return true
  }
  if (typeof there === 'string') return false
  const branch: Tree = there ?? new Map()
  tree.set(key, branch)
  return plant(branch, path, json, depth + 1)
}

/** The object's members as JSON, without the braces. */
export function treeMembers(tree: Tree): string {
  let all = ''
  for (const [key, value] of tree) {
    const json = typeof value === 'string' ? value : `{${treeMembers(value)}}`
    all += `${all === '' ? '' : ','}${quote(key)}:${json}`
  }
  return all
}
