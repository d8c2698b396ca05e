import type { PacketOption } from '../telemetry/packet.ts'
import type { FieldIssue } from '../telemetry/told.ts'
import { lengthsOf, type OptionTable } from './option-table.ts'
import { writeHex } from './readers.ts'
import { optionClassOwner } from './registry.ts'
import type { OptionLayout } from './vendor.ts'

/**
 * Why an option has no value.
 *
 * - `unassigned-class`, `experimental-class`: the class is nobody's (RFC 8926, 7), and no table has it
 * - `no-public-format`: the class is somebody's who has not said what is in it, and no table has it
 * - `unknown-type`, `other-length`: a table has the class, but not this type, or not with so many bytes
 * - `no-value`: a table has the option, but these bytes are none of its values
 * - `reader-failed`: reading them threw, which a table must not
 * - a field's issue: the option is one of a telemetry record
 */
export type UndecodedReason =
  | 'unassigned-class'
  | 'experimental-class'
  | 'no-public-format'
  | 'unknown-type'
  | 'other-length'
  | 'no-value'
  | 'reader-failed'
  | FieldIssue

const FIRST_EXPERIMENTAL = 0xff00

/** Why the option that was described with this table has no value; `undefined` if it has one. */
export function whyUndecoded(option: PacketOption, { vendors }: OptionTable): UndecodedReason | undefined {
  if (option.value !== undefined) return undefined
  if (option.issue !== undefined) return option.issue
  const optionClass = Number(option.class)
  const ofClass = vendors.flatMap(({ options }) => options.filter((layout) => layout.optionClass === optionClass))
  if (ofClass.length === 0) {
    if (optionClass >= FIRST_EXPERIMENTAL) return 'experimental-class'
    return optionClassOwner(optionClass) === undefined ? 'unassigned-class' : 'no-public-format'
  }
  const ofType = ofClass.filter(({ type }) => type === option.type)
  if (ofType.length === 0) return 'unknown-type'
  const known = ofType.find((layout) => {
    const [least, most] = lengthsOf(layout)
    return option.length >= least && option.length <= most
  })
  if (known === undefined) return 'other-length'
  return canRead(known, option) ? 'no-value' : 'reader-failed'
}

function canRead({ fields }: OptionLayout, { data, length }: PacketOption): boolean {
  const bytes = writeHex(data, length * 2) ?? new Uint8Array(0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    for (const field of fields) field.read(view, 0, bytes.byteLength)
    return true
  } catch {
    return false
  }
}
