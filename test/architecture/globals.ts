import { isBuiltin } from 'node:module'
import ts from 'typescript'
import { importsOf, lineOf, parse } from './imports.ts'
import { type Rule, sources } from './tree.ts'

const NODE_GLOBALS = new Set(['process', 'Buffer', 'global', 'require', '__dirname', '__filename', 'setImmediate', 'clearImmediate'])

/** core runs wherever JavaScript does. Its testing tools run under Node. */
export const coreWithoutNode: Rule = (tree) => {
  const broken: string[] = []
  for (const [path, text] of sources(tree, /^packages\/core\/src\/(?!testing\/)/)) {
    for (const { specifier, line } of importsOf(path, text)) {
      if (isBuiltin(specifier)) broken.push(`${path}:${line} '${specifier}' exists in Node only`)
    }
    broken.push(...uses(path, text, NODE_GLOBALS).map((use) => `${use} exists in Node only`))
  }
  return broken
}

/** A library returns what it has to say. Only the program prints. */
export const quietLibraries: Rule = (tree) =>
  [...sources(tree, /^packages\/(?!cli\/)[^/]+\/src\//)].flatMap(([path, text]) =>
    uses(path, text, new Set(['console'])).map((use) => `${use} prints, and a library does not`),
  )

/** Where a file uses one of these names as a variable: not as a property, a key or a type. */
function uses(path: string, text: string, names: ReadonlySet<string>): readonly string[] {
  const file = parse(path, text)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && isVariable(node)) found.push(`${path}:${lineOf(file, node)} '${node.text}'`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isVariable(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return !(
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent)
  )
}
