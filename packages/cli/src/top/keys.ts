/** A key: a printable character itself, or its name. */
export type Key = string

const NAMES: ReadonlyMap<string, Key> = new Map([
  ['\u0003', 'interrupt'],
  ['\t', 'tab'],
  ...['[A', 'OA'].map((code) => [`\u001b${code}`, 'up'] as const),
  ...['[B', 'OB'].map((code) => [`\u001b${code}`, 'down'] as const),
  ...['[H', 'OH', '[1~', '[7~'].map((code) => [`\u001b${code}`, 'home'] as const),
  ...['[F', 'OF', '[4~', '[8~'].map((code) => [`\u001b${code}`, 'end'] as const),
  ['\u001b[5~', 'page-up'],
  ['\u001b[6~', 'page-down'],
  ['j', 'down'],
  ['k', 'up'],
])

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send them (ECMA-48, 5.4; SS3 for some keys).
const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.)|./gsu

/** The keys in what a terminal sent at a time; others than printable characters and those with a name are left out. */
export function keysOf(text: string): readonly Key[] {
  return Array.from(text.matchAll(SEQUENCE), ([key]) => NAMES.get(key) ?? key).filter((key) => /^[ -~]+$/.test(key))
}
