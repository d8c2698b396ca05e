import { address } from './address.ts'
import { arn } from './arn.ts'
import { bool } from './bool.ts'
import type { Codec } from './codec.ts'
import { float32, float64 } from './float.ts'
import { accountId, hexId } from './identifier.ts'
import { base36, choice, text } from './text.ts'
import { u64 } from './u64.ts'
import { i32, u8, u12, u16, u32 } from './whole-number.ts'

type Plain = 'u8' | 'u12' | 'u16' | 'u32' | 'u64' | 'i32' | 'float32' | 'float64' | 'bool' | 'text' | 'account id' | 'address'

/**
 * A type on the wire by its name. Those of identifiers begin with what is not sent: `vpc- id` has hex digits behind `vpc-`, `dxcon- base36` is a text that
 * begins so; `ecs arn` is an ARN whose head names that service.
 */
export type WireType = Plain | `${string}- id` | `${string}- base36` | `${string} arn`

const ARN = ' arn'

const PLAIN: Readonly<Record<Plain, Codec>> = {
  u8,
  u12,
  u16,
  u32,
  u64,
  i32,
  float32,
  float64,
  bool,
  text,
  'account id': accountId,
  address,
}

/** What reads and writes a type; for a text of few `values`, no other. */
export function codecOf(wire: WireType, values?: readonly string[]): Codec {
  if (values !== undefined) return choice(values)
  if (wire in PLAIN) return PLAIN[wire as Plain]
  if (serviceOf(wire) !== undefined) return arn
  const [kind, form] = wire.split(' ') as [string, 'id' | 'base36']
  return form === 'id' ? hexId(kind) : base36(kind)
}

/** The service that heads of ARNs of this type name; `undefined` for other types. */
export function serviceOf(wire: WireType): string | undefined {
  return wire.endsWith(ARN) ? wire.slice(0, -ARN.length) : undefined
}
