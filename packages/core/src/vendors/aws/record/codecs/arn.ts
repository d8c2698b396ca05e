import type { Codec } from './codec.ts'
import { putText, text } from './text.ts'

export const ARN_PREFIX: string = 'arn:'

/** Partitions by the beginning of their regions; all others are `aws`. Source: botocore, partitions.json. */
const PARTITIONS: readonly (readonly [region: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
]

/** The text of an ARN, or of what follows its head: which of them, is known from the record only. */
export const arn: Codec = {
  ...text,
  allowed: `an ARN, which begins with ${ARN_PREFIX}`,
  schema: { type: 'string', pattern: '^arn:[^\\u0000]+$' },
  put: (value, view, offset, room) => (isArn(value) ? putText(value, view, offset, room) : -1),
}

export function isArn(value: unknown): value is string {
  return typeof value === 'string' && value.length > ARN_PREFIX.length && value.startsWith(ARN_PREFIX)
}

/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:` of what belongs to a service in the region and account that a record names; `undefined` where it names none. */
export function arnHead(service: string, region: unknown, account: unknown): string | undefined {
  if (typeof region !== 'string' || typeof account !== 'string') return undefined
  const partition = PARTITIONS.find(([beginning]) => region.startsWith(beginning))?.[1] ?? 'aws'
  return `${ARN_PREFIX}${partition}:${service}:${region}:${account}:`
}

/** What is sent of an ARN: without its head where the receiver can put that before it again, else all of it. */
export function withoutHead(value: string, head: string | undefined): string {
  if (head === undefined || !value.startsWith(head) || value.length === head.length) return value
  const rest = value.slice(head.length)
  return rest.startsWith(ARN_PREFIX) ? value : rest
}
