import type { PacketOption } from '../telemetry/packet.ts'
import type { FieldIssue } from '../telemetry/told.ts'
import { lengthsOf, type OptionTable } from './option-table.ts'
import { optionClassOwner } from './registry.ts'

/**
 * Why an option has no value.
 *
 * - `unassigned-class`, `experimental-class`: the class is nobody's (RFC 8926, 7), and no table has it
 * - `no-public-format`: the class is somebody's who has not said what is in it, and no table has it
 * - `unknown-type`, `other-length`: a table has the class, but not this type, or not with so many bytes
 * - `no-value`: a table has the option, but these bytes are none of its values
 * - a field's issue: the option is one of a telemetry record
 */
export type UndecodedReason =
  | 'unassigned-class'
  | 'experimental-class'
  | 'no-public-format'
  | 'unknown-type'
  | 'other-length'
  | 'no-value'
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
  const isOfLength = ofType.some((layout) => {
    const [least, most] = lengthsOf(layout)
    return option.length >= least && option.length <= most
  })
  return isOfLength ? 'no-value' : 'other-length'
}
