import { posix } from 'node:path'
import ts from 'typescript'
import type { Tree } from './tree.ts'

export interface Import {
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
}

export function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
}

/** All modules that a file names: `import`, `export … from`, `import('…')` as an expression and as a type. */
export function importsOf(path: string, text: string): readonly Import[] {
  const file = parse(path, text)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const reference = referenceOf(node)
    if (reference !== undefined && ts.isStringLiteralLike(reference.module)) {
      found.push({ specifier: reference.module.text, line: lineOf(file, node), typeOnly: reference.typeOnly })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function referenceOf(node: ts.Node): { readonly module: ts.Node; readonly typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    return { module: node.moduleSpecifier, typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) return { module: node.moduleSpecifier, typeOnly: node.isTypeOnly }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return { module: node.argument.literal, typeOnly: true }
  const argument = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined
  return argument === undefined ? undefined : { module: argument, typeOnly: false }
}

/** The public modules of our packages: what a stranger writes in an import, to the source file behind it. */
export function faces(tree: Tree): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [path, text] of tree) {
    if (!/^packages\/[^/]+\/package\.json$/.test(path)) continue
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, Record<string, string>> }
    for (const [subpath, target] of Object.entries(exports)) {
      const source = target['@geneve-telemetry/source']
      if (source !== undefined) found.set(posix.join(name, subpath), posix.join(posix.dirname(path), source))
    }
  }
  return found
}

/** A vendor's table is exported as it stands: a module whose default export is the vendor. */
const VENDOR_TABLE = /^packages\/core\/src\/vendors\/[^/]+\//

/** The files that are nothing but a face: a list of what a package or a part of it offers. */
export function listedFaces(tree: Tree): ReadonlySet<string> {
  return new Set([...faces(tree).values()].filter((path) => !VENDOR_TABLE.test(path)))
}

/** The file in the tree that an import leads to; undefined for what is not ours. */
export function resolve(from: string, specifier: string, known: ReadonlyMap<string, string>): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : known.get(specifier)
}

/** The package a path belongs to: its folder's name under `packages`. */
export function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}
