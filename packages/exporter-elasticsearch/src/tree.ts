import { quote } from './json.ts'

/** A JSON object in the making: by key, a member's JSON or another such object. */
export type Tree = Map<string, Tree | string>

/** Puts a member's JSON at its path; false if something stands there or on the way. */
export function plant(tree: Tree, path: readonly string[], json: string): boolean {
  const [key = '', ...rest] = path
  const there = tree.get(key)
  if (rest.length === 0) {
    if (there !== undefined) return false
    tree.set(key, json)
    return true
  }
  if (typeof there === 'string') return false
  const branch: Tree = there ?? new Map()
  tree.set(key, branch)
  return plant(branch, rest, json)
}

/** The object's members as JSON, without the braces. */
export function treeMembers(tree: Tree): string {
  return Array.from(tree, ([key, value]) => `${quote(key)}:${typeof value === 'string' ? value : `{${treeMembers(value)}}`}`).join(',')
}
