import { type Field, Memo } from '@geneve-telemetry/core'
import type { OptionTable } from '@geneve-telemetry/core/vendors'
import type { PacketView } from '@geneve-telemetry/core/wire'

/** Which accounts' packets to look at. */
export interface AccountSelection {
  /** Of these alone; a packet of an unknown account is left out. */
  readonly only?: readonly string[]
  /** Of all but these; a packet of an unknown account is kept. */
  readonly except?: readonly string[]
  /** Says whose a packet is where its options do not; `undefined` = unknown. Called for each such packet. */
  readonly otherwise?: (packet: PacketView) => string | undefined
}

/** Why a packet is filtered: another account than is wanted, none that is known. */
export const ACCOUNT_KEYS: readonly string[] = ['account', 'account-unknown']

/** `AccountFilter.verdictOf` */
export const WANTED: number = 0
export const UNWANTED: number = 1
export const UNKNOWN: number = 2

/** An option whose data says an account. */
interface AccountOption {
  /** optionClass * 256 + type */
  readonly id: number
  /** The number that the data begins with; -1 where the type says it all. */
  readonly number: number
  readonly field: Field
}

const HEADER_LENGTH = 4
const WORD = 4
const NUMBER_LENGTH = 2
/** The option type of a telemetry record whose data begins with the field's number. */
const NUMBERED_TYPE = 127
const SLOTS = 1024
const MOST_WORDS = 32

/**
 * Tells packets apart by the account that they are told to be of: what the first field with the role `account` says in their options. What an option says
 * is remembered by its bytes, so that no packet costs a text.
 */
export class AccountFilter {
  /** Whether packets of an unknown account are kept. */
  readonly keepsUnknown: boolean
  readonly #only: ReadonlySet<string> | undefined
  readonly #except: ReadonlySet<string>
  readonly #otherwise: AccountSelection['otherwise']
  readonly #options: readonly AccountOption[]
  readonly #verdicts = new Memo<number>(SLOTS, MOST_WORDS)

  /** Throws TypeError on a selection that cannot be, naming what is allowed. */
  constructor({ only, except, otherwise }: AccountSelection, table: OptionTable) {
    if ((only?.length ?? 0) + (except?.length ?? 0) === 0 || only?.length === 0)
      throw new TypeError('at least one account is needed, in only or in except')
    this.#options = accountOptions(table)
    if (this.#options.length === 0 && otherwise === undefined) throw new TypeError('no option of the vendor tables says whose a packet is')
    for (const account of [...(only ?? []), ...(except ?? [])]) checkAccount(account, this.#options)
    this.#only = only && new Set(only)
    this.#except = new Set(except)
    const both = only?.find((account) => this.#except.has(account))
    if (both !== undefined) throw new TypeError(`account ${both} is in only and in except`)
    this.#otherwise = otherwise
    this.keepsUnknown = only === undefined
  }

  /** Whether the packet is left out. */
  refuses(packet: PacketView): boolean {
    const verdict = this.verdictOf(packet)
    return verdict === UNWANTED || (verdict === UNKNOWN && !this.keepsUnknown)
  }

  /** WANTED, UNWANTED or UNKNOWN. */
  verdictOf(packet: PacketView): number {
    const told = this.#told(packet)
    if (told !== UNKNOWN || this.#otherwise === undefined) return told
    return this.#judge(this.#otherwise(packet))
  }

  #told({ view, optionsStart, optionsEnd }: PacketView): number {
    const options = this.#options
    for (let at = optionsStart; at < optionsEnd; ) {
      const word = view.getInt32(at)
      const next = at + HEADER_LENGTH + (word & 0x1f) * WORD
      for (let index = 0; index < options.length; index++) {
        const { id, number } = options[index]!
        if (word >>> 8 !== id || !(number < 0 || isNumbered(view, at, next, number))) continue
        // Of a field that is there twice the first one stands, whatever it says.
        return this.#verdictOn(options[index]!, view, at, next)
      }
      at = next
    }
    return UNKNOWN
  }

  #verdictOn({ field, number }: AccountOption, view: DataView, at: number, next: number): number {
    const words = (next - at) >> 2
    const known = this.#verdicts.get(view, at, words)
    if (known !== undefined) return known
    const account = field.read(view, at + HEADER_LENGTH + (number < 0 ? 0 : NUMBER_LENGTH), next)
    return this.#verdicts.set(view, at, words, this.#judge(account === undefined ? undefined : String(account)))
  }

  #judge(account: string | undefined): number {
    if (account === undefined) return UNKNOWN
    if (this.#except.has(account)) return UNWANTED
    return this.#only === undefined || this.#only.has(account) ? WANTED : UNWANTED
  }
}

function isNumbered(view: DataView, at: number, next: number, number: number): boolean {
  return next - at > HEADER_LENGTH && view.getUint16(at + HEADER_LENGTH) === number
}

function accountOptions({ records, vendors }: OptionTable): readonly AccountOption[] {
  const found: AccountOption[] = []
  for (const { profile } of records.values()) {
    for (const field of profile.fields) {
      if (field.role !== 'account') continue
      const { number } = field
      if (number < NUMBERED_TYPE) found.push({ id: profile.optionClass * 256 + number, number: -1, field })
      found.push({ id: profile.optionClass * 256 + NUMBERED_TYPE, number, field })
    }
  }
  for (const { optionClass, type, fields } of vendors.flatMap(({ options }) => options)) {
    const field = fields.find(({ role }) => role === 'account')
    if (field !== undefined) found.push({ id: optionClass * 256 + type, number: -1, field })
  }
  return found
}

/** An account is as some field reads back what it writes for it. */
function checkAccount(account: string, options: readonly AccountOption[]): void {
  if (options.length === 0 || options.some(({ field }) => readBack(field, account) === account)) return
  const examples = new Set(options.map(({ field }) => field.read(new DataView(new ArrayBuffer(8)), 0, 8)).map(String))
  const allowed = [...examples].map((example) => (/^\d+$/.test(example) ? `${example.length} digits` : `what is written like ${example}`))
  throw new TypeError(`account '${account}' cannot be; allowed is ${allowed.join(', or ')}`)
}

function readBack(field: Field, account: string): unknown {
  const bytes = field.write(account)
  return bytes && field.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength)
}
