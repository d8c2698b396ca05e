import { faces, importsOf, listedFaces, packageOf, resolve } from './imports.ts'
import { type Rule, sources } from './tree.ts'

const SCOPE = '@geneve-telemetry/'

/** cli -> wings -> core. A wing is whatever is neither; no wing knows another. */
function packagesBelow(name: string): (other: string) => boolean {
  if (name === 'core') return () => false
  return name === 'cli' ? () => true : (other) => other === 'core'
}

function isSource(path: string): boolean {
  return /^packages\/[^/]+\/src\//.test(path)
}

/** The rooms of core and what each may look into. `types` = by `import type` only. The files that lie beside the folders share one room. */
const ROOMS: Readonly<Record<string, Readonly<Record<string, 'all' | 'types'>>>> = {
  wire: {},
  telemetry: { wire: 'types' },
  vendors: { wire: 'all', telemetry: 'all' },
  encode: { wire: 'all', telemetry: 'all', vendors: 'all' },
  beside: { wire: 'all', telemetry: 'all', vendors: 'all' },
  testing: { wire: 'all', telemetry: 'all', vendors: 'all', beside: 'all' },
}
const CORE = 'packages/core/src/'

function roomOf(path: string): string | undefined {
  if (!path.startsWith(CORE)) return undefined
  const rest = path.slice(CORE.length)
  return rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : 'beside'
}

/** The source of a package imports only what stands below it, and core only what its rooms allow. */
export const arrows: Rule = (tree) => {
  const known = faces(tree)
  const broken: string[] = []
  for (const [path, text] of sources(tree)) {
    if (!isSource(path)) continue
    const own = packageOf(path) as string
    const mayUse = packagesBelow(own)
    const room = roomOf(path)
    if (room !== undefined && ROOMS[room] === undefined) broken.push(`${path}:1 core has no room '${room}'; add it to the table of rooms`)
    for (const { specifier, line, typeOnly } of importsOf(path, text)) {
      const target = resolve(path, specifier, known)
      const other = target === undefined ? undefined : packageOf(target)
      if (other !== undefined && other !== own && !mayUse(other)) broken.push(`${path}:${line} ${own} must not import ${other}`)
      if (own === 'core' && target === undefined && !(room === 'testing' && specifier.startsWith('node:'))) {
        broken.push(`${path}:${line} core has no dependency, but imports '${specifier}'`)
      }
      const targetRoom = target === undefined ? undefined : roomOf(target)
      if (room === undefined || targetRoom === undefined || room === targetRoom) continue
      const allowed = ROOMS[room]?.[targetRoom]
      if (allowed === undefined) broken.push(`${path}:${line} ${room} must not import ${targetRoom}`)
      else if (allowed === 'types' && !typeOnly) broken.push(`${path}:${line} ${room} may import types of ${targetRoom} only`)
    }
  }
  return broken
}

/** A package is entered by its faces: not by a path into another one's folder, and not by a subpath it does not export. Its own faces are for others. */
export const doors: Rule = (tree) => {
  const known = faces(tree)
  const lists = listedFaces(tree)
  const broken: string[] = []
  for (const [path, text] of sources(tree)) {
    for (const { specifier, line } of importsOf(path, text)) {
      const target = resolve(path, specifier, known)
      if (target === undefined) {
        if (specifier.startsWith(SCOPE)) broken.push(`${path}:${line} '${specifier}' is no face of a package`)
        continue
      }
      const inside = packageOf(target) === packageOf(path)
      if (specifier.startsWith('.') && packageOf(target) !== undefined && !inside) {
        broken.push(`${path}:${line} '${specifier}' leads into another package; import it by its name`)
      }
      if (inside && isSource(path) && !lists.has(path) && (lists.has(target) || specifier.startsWith(SCOPE))) {
        broken.push(`${path}:${line} a package does not import its own face`)
      }
    }
  }
  return broken
}
