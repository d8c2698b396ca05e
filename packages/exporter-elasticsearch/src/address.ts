import type { Wiring } from '@geneve-telemetry/core'

/** What a target's URL says, and what to call it where others read along. */
export interface Address {
  /** Without user, password and query. */
  readonly node: string
  readonly username?: string
  readonly password?: string
  readonly query: ReadonlyMap<string, string>
}

/**
 * Takes a target's URL apart.
 *
 * @param allowed the parameters that it may have
 * @throws TypeError for what it may not have; what the message shows has no password in it
 */
export function addressOf(url: URL, allowed: readonly string[]): Address {
  const node = `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`${node}: an address begins with http:// or https://`)
  if (url.hash !== '') throw new TypeError(`${node}: an address has no # part; in a password write it as %23`)
  const query = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (!allowed.includes(name)) throw new TypeError(`${node}: there is no parameter "${name}"; allowed are ${allowed.join(', ')}`)
    if (query.has(name)) throw new TypeError(`${node}: the parameter "${name}" is there twice`)
    query.set(name, value)
  }
  const { username, password } = url
  return {
    node,
    query,
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  }
}

/** User and password, of the URL or else of the environment; both or neither. */
export function basicAuth(
  { node, username, password }: Address,
  environment: Wiring['environment'],
  prefix: string,
): { readonly username: string; readonly password: string } | undefined {
  const user = username ?? nonEmpty(environment[`${prefix}_USERNAME`])
  const secret = password ?? nonEmpty(environment[`${prefix}_PASSWORD`])
  if (user === undefined && secret === undefined) return undefined
  if (user === undefined) throw new TypeError(`${node}: there is a password and no user name: set ${prefix}_USERNAME`)
  if (secret === undefined) throw new TypeError(`${node}: there is a user name and no password: set ${prefix}_PASSWORD`)
  return { username: user, password: secret }
}

/** What the parameter `setup` says. */
export function setupOf({ node, query }: Address): 'install' | 'off' {
  const setup = query.get('setup') ?? 'install'
  if (setup !== 'install' && setup !== 'off') throw new TypeError(`${node}: setup=${setup} is not one of install, off`)
  return setup
}

/** The certificate that the operator named, by parameter or variable. */
export async function caOf({ node, query }: Address, wiring: Wiring, variable: string): Promise<string | undefined> {
  const fromQuery = query.get('ca')
  const path = fromQuery ?? nonEmpty(wiring.environment[variable])
  if (path === undefined) return undefined
  const where = fromQuery === undefined ? variable : 'ca'
  let text: string
  try {
    text = new TextDecoder().decode(await wiring.readFile(path))
  } catch (error) {
    throw new TypeError(`${node}: ${where}=${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new TypeError(`${node}: ${where}=${path} is no certificate in PEM`)
  return text
}

/** A variable that is set to nothing is not set. */
export function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
