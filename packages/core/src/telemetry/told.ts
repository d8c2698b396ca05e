import type { Quantity } from './quantity.ts'

/** A value of a telemetry record: texts are identifiers, states and addresses too; lists are of texts. */
export type ToldValue = string | Quantity | boolean | readonly string[]

/** What a telemetry record says, by the public names of its fields. What was not said is absent. */
export type ToldValues = Readonly<Record<string, ToldValue>>

/**
 * What can be wrong with one field of a telemetry record. The rest of the record is decoded all the same.
 *
 * - without a value: `unknown-number`, `critical` (its type has the critical bit), `wrong-length`, `impossible-value`, `duplicate` (the first one stands)
 * - with a value, which stands: `padding` (not zero), `not-shortest` (longer than it needs to be, or in an option type that its number does not need),
 *   `no-head` (an ARN's head cannot be rebuilt from this record, so the rest is given)
 */
export const FIELD_ISSUES = [
  'unknown-number',
  'critical',
  'wrong-length',
  'impossible-value',
  'duplicate',
  'padding',
  'not-shortest',
  'no-head',
] as const
export type FieldIssue = (typeof FIELD_ISSUES)[number]

/** What a record is about. */
export interface Subject {
  /** What kind of thing, as the field that names it: `nat_gateway_id`, `lb_arn`, `flow`. */
  readonly type: string
  /** Which one. */
  readonly id: string
}
