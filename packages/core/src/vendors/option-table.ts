import type { Field } from '../telemetry/field.ts'
import type { FieldValue, Telemetry } from '../telemetry/packet.ts'
import { hex16Text } from '../wire/address.ts'
import type { OptionRole, RecordRole } from '../wire/rules.ts'
import type { RecordProfile } from './record-profile.ts'
import type { OptionLayout, Vendor } from './vendor.ts'

/** An option's layout and whose it is. */
export interface KnownOption {
  readonly vendor: string
  readonly layout: OptionLayout
}

/** A telemetry record's profile and whose fields it has. */
export interface KnownRecord {
  readonly vendor: string
  readonly profile: RecordProfile
}

/** What the two options with a role in a flow said, as the flow table keeps it: see `describeFlow`. */
export const FLOW_DATA_LENGTH: number = 12

const LONGEST_OPTION = 124

/** The vendors' options by class and type, from what the caller passes; nothing registers itself. */
export class OptionTable {
  readonly vendors: readonly Vendor[]
  /** For `DecodeRules`: which options play a part for flows, or are fields of a telemetry record. */
  readonly roles: readonly (OptionRole | RecordRole)[]
  /** By option class. */
  readonly records: ReadonlyMap<number, KnownRecord>
  /** One entry for each length, so that a look-up is one. */
  readonly #options = new Map<number, KnownOption>()

  /** Throws TypeError on a table that contradicts itself, naming vendor and option. */
  constructor(vendors: readonly Vendor[]) {
    const roles: (OptionRole | RecordRole)[] = []
    const records = new Map<number, KnownRecord>()
    for (const vendor of vendors) {
      checkName(vendor.name)
      for (const layout of vendor.options) {
        const { optionClass, type, length, fields } = layout
        const title = `vendor ${vendor.name}, option class 0x${optionClass.toString(16).padStart(4, '0')} type ${type}`
        if (!Number.isInteger(optionClass) || optionClass < 0 || optionClass > 0xffff)
          throw new TypeError(`${title}: a class is 0 to 0xffff`)
        if (!Number.isInteger(type) || type < 0 || type > 0xff) throw new TypeError(`${title}: a type is 0 to 255`)
        const [least, most] = lengthsOf(layout)
        for (const bytes of [least, most]) {
          if (bytes % 4 !== 0 || bytes < 0 || bytes > LONGEST_OPTION)
            throw new TypeError(`${title}: length ${bytes} is not 0 to ${LONGEST_OPTION} in steps of 4 bytes`)
        }
        if (least > most) throw new TypeError(`${title}: the least length, ${least}, is above the most, ${most}`)
        if (optionName(layout) === undefined)
          throw new TypeError(`${title}: with ${fields.length} fields the option needs a name of its own`)
        for (const { name } of [layout, ...fields]) if (name !== undefined) checkName(name)
        const known: KnownOption = { vendor: vendor.name, layout }
        for (let bytes = least; bytes <= most; bytes += 4) {
          const key = keyOf(optionClass * 256 + type, bytes)
          if (this.#options.has(key)) throw new TypeError(`${title} is in the table twice with ${bytes} bytes`)
          this.#options.set(key, known)
        }
        for (const { name, role } of fields) {
          if (role === undefined) continue
          if (typeof length !== 'number') throw new TypeError(`${title}: ${name} is a ${role}, so the option needs one length`)
          if (role !== 'account') roles.push({ optionClass, type, length, role })
        }
      }
    }
    for (const { name: vendor, record: profile } of vendors) {
      if (profile === undefined) continue
      const other = records.get(profile.optionClass)
      if (other !== undefined)
        throw new TypeError(`vendor ${vendor}: ${other.vendor} has a telemetry record of class ${hex16Text(profile.optionClass)} already`)
      const layout = vendors.find(({ options }) => options.some(({ optionClass }) => optionClass === profile.optionClass))
      if (layout !== undefined)
        throw new TypeError(
          `vendor ${layout.name}: it has options of class ${hex16Text(profile.optionClass)}, and ${vendor}'s telemetry record needs a class to itself`,
        )
      for (const { name } of profile.fields) checkName(name)
      records.set(profile.optionClass, { vendor, profile })
      roles.push({ optionClass: profile.optionClass, role: 'record' })
    }
    this.vendors = vendors
    this.roles = roles
    this.records = records
  }

  /** The layout for an option with this class * 256 + type and this length of data; `undefined` where nobody decodes it. */
  find(id: number, length: number): KnownOption | undefined {
    return this.#options.get(keyOf(id, length))
  }

  /**
   * What a flow's scope and cookie options say, each given by class * 256 + type (-1 = there was none). `data` holds the scope's 8 bytes at 0, the
   * cookie's 4 at 8.
   */
  describeFlow(scopeOption: number, cookieOption: number, data: DataView): Telemetry | undefined {
    const telemetry: Record<string, Record<string, FieldValue>> = {}
    this.#addRole(telemetry, scopeOption, 'scope', data, 0, 8)
    this.#addRole(telemetry, cookieOption, 'cookie', data, 8, 12)
    return Object.keys(telemetry).length === 0 ? undefined : telemetry
  }

  #addRole(
    telemetry: Record<string, Record<string, FieldValue>>,
    id: number,
    role: string,
    data: DataView,
    offset: number,
    end: number,
  ): void {
    const known = id < 0 ? undefined : this.find(id, end - offset)
    const field = known?.layout.fields.find((candidate) => candidate.role === role)
    if (known === undefined || field === undefined) return
    const value = readField(field, data, offset, end)
    if (value === undefined) return
    telemetry[known.vendor] ??= {}
    telemetry[known.vendor]![field.name] = value
  }
}

/** Class, type and length in 31 bits: no length takes more than 7 of them. */
function keyOf(id: number, length: number): number {
  return id * 128 + length
}

/** The least and the most bytes of data that an option has. */
export function lengthsOf({ length }: OptionLayout): readonly [least: number, most: number] {
  return typeof length === 'number' ? [length, length] : length
}

/** What options say becomes a plain object's properties by these names, and each object has some already. */
function checkName(name: string): void {
  if (name in Object.prototype) throw new TypeError(`the name ${name} is taken: every object has a property of that name`)
}

/** What the option is called: as its only field, else by its own name. `undefined` for a table that does not say. */
export function optionName({ name, fields }: OptionLayout): string | undefined {
  return fields.length === 1 ? fields[0]!.name : name
}

/**
 * A field's value from its option's data. What a field reads is what can be shown; the table's author promised that by its type. One that throws, though it
 * promised not to, has no value: bytes from the network must not end a run.
 */
export function readField(field: Field, view: DataView, offset: number, end: number): FieldValue | undefined {
  try {
    return field.read(view, offset, end) as FieldValue | undefined
  } catch {
    return undefined
  }
}
