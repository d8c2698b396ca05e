import { posix } from 'node:path'
import { packageOf } from './imports.ts'
import { type Rule, sources, type Tree } from './tree.ts'

const MOST_LINES = 300

/** Files that may be longer, each with the reason why it is one noun all the same. */
const LONGER: ReadonlyMap<string, string> = new Map()

/** A file is one noun and fits in a head. */
export const shortFiles: Rule = (tree) => longFiles(tree, LONGER)

export function longFiles(tree: Tree, exceptions: ReadonlyMap<string, string>): readonly string[] {
  const lines = (text: string): number => text.trimEnd().split('\n').length
  const long = [...sources(tree)].filter(([path, text]) => lines(text) > MOST_LINES && !exceptions.has(path))
  const idle = [...exceptions.keys()].filter((path) => lines(tree.get(path) ?? '') <= MOST_LINES)
  return [
    ...long.map(([path, text]) => `${path}:${MOST_LINES} has ${lines(text)} lines, more than ${MOST_LINES}`),
    ...idle.map((path) => `${path}:1 needs no exception from the length of files any more`),
  ]
}

/** A file's name says what is in it, and these say nothing. */
const EMPTY_NAMES = new Set(['utils', 'util', 'helper', 'helpers', 'common', 'misc', 'manager'])

export const tellingNames: Rule = (tree) =>
  [...sources(tree)].flatMap(([path]) =>
    path.split(/[/.]/).some((part) => EMPTY_NAMES.has(part)) ? [`${path}:1 has a name that does not say what is in it`] : [],
  )

export const readmes: Rule = (tree) => {
  const packages = new Set([...tree.keys()].map(packageOf))
  packages.delete(undefined)
  const paths = [...packages].map((name) => posix.join('packages', name ?? '', 'README.md'))
  return paths.filter((path) => !tree.has(path)).map((path) => `${path}:1 is missing`)
}
