import type { Field } from '../telemetry/field.ts'
import type { FieldValue, Telemetry } from '../telemetry/packet.ts'
import type { OptionRole } from '../wire/rules.ts'
import type { OptionLayout, Vendor } from './vendor.ts'

/** An option's layout and whose it is. */
export interface KnownOption {
  readonly vendor: string
  readonly layout: OptionLayout
}

/** What the two options with a role in a flow said, as the flow table keeps it: see `describeFlow`. */
export const FLOW_DATA_LENGTH: number = 12

/** The vendors' options by class and type, from what the caller passes; nothing registers itself. */
export class OptionTable {
  readonly vendors: readonly Vendor[]
  /** For `DecodeRules`: which options play a part for flows. */
  readonly roles: readonly OptionRole[]
  readonly #options = new Map<number, KnownOption>()

  /** Throws TypeError on a table that contradicts itself, naming vendor and option. */
  constructor(vendors: readonly Vendor[]) {
    const roles: OptionRole[] = []
    for (const vendor of vendors) {
      checkName(vendor.name)
      for (const layout of vendor.options) {
        const { optionClass, type, length, fields } = layout
        const title = `vendor ${vendor.name}, option class 0x${optionClass.toString(16).padStart(4, '0')} type ${type}`
        if (!Number.isInteger(optionClass) || optionClass < 0 || optionClass > 0xffff)
          throw new TypeError(`${title}: a class is 0 to 0xffff`)
        if (!Number.isInteger(type) || type < 0 || type > 0xff) throw new TypeError(`${title}: a type is 0 to 255`)
        if (length % 4 !== 0 || length < 0 || length > 124)
          throw new TypeError(`${title}: length ${length} is not 0 to 124 in steps of 4 bytes`)
        if (optionName(layout) === undefined)
          throw new TypeError(`${title}: with ${fields.length} fields the option needs a name of its own`)
        for (const { name } of [layout, ...fields]) if (name !== undefined) checkName(name)
        if (this.#options.has(optionClass * 256 + type)) throw new TypeError(`${title} is in the table twice`)
        this.#options.set(optionClass * 256 + type, { vendor: vendor.name, layout })
        for (const { role } of fields) if (role !== undefined) roles.push({ optionClass, type, length, role })
      }
    }
    this.vendors = vendors
    this.roles = roles
  }

  /** The layout for an option with this class * 256 + type and this length of data; `undefined` where nobody decodes it. */
  find(id: number, length: number): KnownOption | undefined {
    const known = this.#options.get(id)
    return known !== undefined && known.layout.length === length ? known : undefined
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

/** What options say becomes a plain object's properties by these names, and each object has some already. */
function checkName(name: string): void {
  if (name in Object.prototype) throw new TypeError(`the name ${name} is taken: every object has a property of that name`)
}

/** What the option is called; `undefined` for a table that does not say. */
export function optionName({ name, fields }: OptionLayout): string | undefined {
  return name ?? (fields.length === 1 ? fields[0]?.name : undefined)
}

/** A field's value from its option's data. What a field reads is what can be shown; the table's author promised that by its type. */
export function readField(field: Field, view: DataView, offset: number, end: number): FieldValue | undefined {
  return field.read(view, offset, end) as FieldValue | undefined
}
