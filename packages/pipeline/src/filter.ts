import type { OptionTable } from '@geneve-telemetry/core/vendors'
import { optionClassOwner } from '@geneve-telemetry/core/vendors'
import { ISSUE_KINDS, type IssueKind, type PacketView, protocolNumber } from '@geneve-telemetry/core/wire'
import { addressBlock, isHostOf } from './address.ts'

type Test = (packet: PacketView) => boolean

/** Compiles the values of one key; throws TypeError naming the value and what is allowed. */
type Compile = (values: readonly string[], table: OptionTable) => Test

/** All keys and what they look at. */
const KEYS: Readonly<Record<string, Compile>> = {
  vni: compileVni,
  endpoint: compileEndpoint,
  host: compileHost,
  port: compilePort,
  protocol: compileProtocol,
  vendor: compileVendor,
  issue: compileIssue,
}

export const FILTER_KEYS: readonly string[] = Object.keys(KEYS)

const NONE = -1

/**
 * Which packets to look at, compiled once from expressions `KEY=VALUE[,VALUE]`. Values of one key are alternatives, also where the key is given several
 * times; different keys must all agree.
 *
 * - `vni`: the VNI of the GENEVE header
 * - `endpoint`: what the option with the role `scope` says, as decoded
 * - `host`: an address or CIDR block; any of the outer, the first inner and the innermost addresses, source or destination
 * - `port`: a port of the innermost packet, source or destination
 * - `protocol`: the innermost IP protocol by keyword or number, or `arp`
 * - `vendor`: whose an option is, in any case of letters
 * - `issue`: what is wrong with the packet
 */
export class PacketFilter {
  /** The keys in the order in which they are asked. */
  readonly keys: readonly string[]
  readonly #tests: readonly Test[]

  /** Throws TypeError on an expression that cannot be, naming what is allowed. */
  constructor(expressions: readonly string[], table: OptionTable) {
    const values = new Map<string, string[]>()
    for (const expression of expressions) {
      const [key, found] = parse(expression)
      values.set(key, [...(values.get(key) ?? []), ...found])
    }
    this.keys = [...values.keys()]
    this.#tests = this.keys.map((key) => KEYS[key]!(values.get(key)!, table))
  }

  /** The index in `keys` of the first key that the packet does not meet; -1 if it meets all. Allocates nothing. */
  refusedBy(packet: PacketView): number {
    const tests = this.#tests
    for (let index = 0; index < tests.length; index++) if (!tests[index]!(packet)) return index
    return NONE
  }
}

function parse(expression: string): [key: string, values: string[]] {
  const at = expression.indexOf('=')
  const key = expression.slice(0, Math.max(at, 0)).trim()
  if (at < 0) throw new TypeError(`'${expression}' is not KEY=VALUE[,VALUE]; the keys are ${FILTER_KEYS.join(', ')}`)
  if (!Object.hasOwn(KEYS, key)) throw new TypeError(`there is no key '${key}'; the keys are ${FILTER_KEYS.join(', ')}`)
  const values = expression
    .slice(at + 1)
    .split(',')
    .map((value) => value.trim())
  if (values.includes('')) throw new TypeError(`'${expression}' lacks a value; write ${key}=VALUE or ${key}=VALUE,VALUE`)
  return [key, values]
}

function compileVni(texts: readonly string[]): Test {
  const vnis = Float64Array.from(texts, (text) => wholeNumber(text, 0xffffff) ?? fail('vni', text, 'a number from 0 to 16777215'))
  return ({ vni }) => vnis.includes(vni)
}

function compilePort(texts: readonly string[]): Test {
  const isPort = new Uint8Array(65536)
  for (const text of texts) isPort[wholeNumber(text, 65535) ?? fail('port', text, 'a port from 0 to 65535')] = 1
  return ({ innerSourcePort, innerDestinationPort }) =>
    innerSourcePort >= 0 && (isPort[innerSourcePort] === 1 || isPort[innerDestinationPort] === 1)
}

function compileHost(texts: readonly string[]): Test {
  const blocks = texts.map((text) => addressBlock(text) ?? fail('host', text, 'an address or a block such as 10.0.0.0/8 or 2001:db8::/32'))
  return (packet) => {
    for (let index = 0; index < blocks.length; index++) if (isHostOf(packet, blocks[index]!)) return true
    return false
  }
}

function compileProtocol(texts: readonly string[]): Test {
  const isArpText = (text: string): boolean => text.toLowerCase() === 'arp'
  const wantsArp = texts.some(isArpText)
  const isWanted = new Uint8Array(256)
  for (const text of texts) {
    if (isArpText(text)) continue
    const protocol = wholeNumber(text, 255) ?? protocolNumber(text)
    isWanted[protocol ?? fail('protocol', text, 'arp, a keyword such as tcp, udp, icmp, ipv6-icmp or sctp, or a number from 0 to 255')] = 1
  }
  return ({ isArp, innerVersion, protocol }) => (isArp === 1 ? wantsArp : innerVersion !== 0 && isWanted[protocol] === 1)
}

function compileIssue(texts: readonly string[]): Test {
  const kinds = ISSUE_KINDS.slice(1)
  const isWanted = new Uint8Array(ISSUE_KINDS.length)
  for (const text of texts) {
    if (!kinds.some((kind) => kind === text)) fail('issue', text, `one of ${kinds.join(', ')}`)
    isWanted[ISSUE_KINDS.indexOf(text as IssueKind)] = 1
  }
  return ({ issue }) => issue !== 0 && isWanted[issue >> 8] === 1
}

/** The values stand for the bytes that the vendors' tables write for them, so that packets are compared without being read. */
function compileEndpoint(texts: readonly string[], table: OptionTable): Test {
  const scopes = table.roles.flatMap((one) => {
    if (one.role !== 'scope') return []
    const { optionClass, type, length } = one
    const option = optionClass * 256 + type
    const fields = table.find(option, length)?.layout.fields ?? []
    return fields.filter(({ role }) => role === 'scope').map((field) => ({ option, length, field }))
  })
  const wanted = texts.flatMap((text) => {
    const matches = scopes.flatMap(({ option, length, field }) => {
      const bytes = field.write(text)
      if (bytes?.byteLength !== length) return []
      const view = new DataView(bytes.buffer, bytes.byteOffset, length)
      return [{ option, high: view.getInt32(0), low: view.getInt32(4) }]
    })
    const examples = scopes.map(({ length, field }) => String(field.read(new DataView(new ArrayBuffer(length)), 0, length)))
    if (matches.length > 0) return matches
    return fail(
      'endpoint',
      text,
      examples.length === 0 ? 'none, as no vendor table has endpoints' : `written like ${examples.join(' or ')}`,
    )
  })
  return ({ view, scope, scopeOption }) => {
    for (let index = 0; index < wanted.length; index++) {
      const { option, high, low } = wanted[index]!
      if (scopeOption === option && view.getInt32(scope) === high && view.getInt32(scope + 4) === low) return true
    }
    return false
  }
}

const CLASSES = 65536

function compileVendor(texts: readonly string[], table: OptionTable): Test {
  const owners = Array.from({ length: CLASSES }, (_, optionClass) => optionClassOwner(optionClass)?.name)
  const names = new Set([...table.vendors.map(({ name }) => name), ...owners.filter((name) => name !== undefined)])
  const wanted = new Set(
    texts.flatMap((text) => {
      const matches = [...names].filter((name) => name.toLowerCase() === text.toLowerCase())
      return matches.length > 0 ? matches : fail('vendor', text, `one of ${[...names].join(', ')}`)
    }),
  )
  const isOwned = Uint8Array.from(owners, (name) => (name !== undefined && wanted.has(name) ? 1 : 0))
  return ({ view, optionsStart, optionsEnd }) => {
    for (let at = optionsStart; at < optionsEnd; ) {
      const word = view.getInt32(at)
      const length = (word & 0x1f) * 4
      const known = table.find(word >>> 8, length)
      if (known === undefined ? isOwned[word >>> 16] === 1 : wanted.has(known.vendor)) return true
      at += 4 + length
    }
    return false
  }
}

function wholeNumber(text: string, most: number): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined
  const value = Number(text)
  return value <= most ? value : undefined
}

function fail(key: string, value: string, allowed: string): never {
  throw new TypeError(`${key}: '${value}' cannot be; allowed is ${allowed}`)
}
