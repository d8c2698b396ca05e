import { posix } from 'node:path'
import ts from 'typescript'
import { lineOf, listedFaces, parse } from './imports.ts'
import { type Rule, sources } from './tree.ts'

const MOST_LINES = 40

/** A package's face is a hand-written list of names: explicit, short, and the only place where an index.ts lies. */
export const handWrittenFaces: Rule = (tree) => {
  const known = listedFaces(tree)
  const broken: string[] = []
  for (const path of known) {
    const text = tree.get(path)
    if (text === undefined) {
      broken.push(`${path}:1 is exported by package.json and not there`)
      continue
    }
    const file = parse(path, text)
    for (const statement of file.statements) {
      if (!isListOfNames(statement)) broken.push(`${path}:${lineOf(file, statement)} a face only lists names: export { … } from './….ts'`)
    }
    if (text.trimEnd().split('\n').length >= MOST_LINES) broken.push(`${path}:${MOST_LINES} a face has fewer than ${MOST_LINES} lines`)
  }
  for (const [path, text] of sources(tree)) {
    if (posix.basename(path) === 'index.ts' && !known.has(path)) broken.push(`${path}:1 only a package's face is called index.ts`)
    const file = parse(path, text)
    for (const statement of file.statements) {
      if (ts.isExportDeclaration(statement) && !hasNames(statement))
        broken.push(`${path}:${lineOf(file, statement)} export * hides what is exported`)
    }
  }
  return broken
}

function isListOfNames(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && hasNames(statement) && statement.moduleSpecifier !== undefined
}

function hasNames(statement: ts.ExportDeclaration): boolean {
  return statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)
}
