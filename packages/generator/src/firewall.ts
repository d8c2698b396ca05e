import type { Random } from './random.ts'
import { BLOCKED_INTERNET, INTERNET } from './world.ts'

const TCP = 6
const UDP = 17
const SUBNET = 0xffff_ff00
const HALF_SUBNET = 0xffff_ff80

/** What a rule looks at; what is not there matches all. The truth holds the rules as they stand here. */
export interface Rule {
  readonly id: number
  readonly action: 'allow' | 'deny'
  readonly description: string
  readonly protocol?: number
  readonly destination_port?: number
  /** Of IPv4 only. */
  readonly source?: { readonly network: number; readonly mask: number; readonly cidr: string }
  /** Not to the VPC's own resolver, whose address ends in .0.2. */
  readonly to_other_than_resolver?: true
}

/** The first one that matches counts. The last one matches all. */
export const RULES: readonly Rule[] = [
  { id: 1, action: 'deny', description: 'no telnet', protocol: TCP, destination_port: 23 },
  { id: 2, action: 'deny', description: 'no file shares', protocol: TCP, destination_port: 445 },
  {
    id: 3,
    action: 'deny',
    description: 'no remote desktop from outside',
    protocol: TCP,
    destination_port: 3389,
    source: { network: INTERNET, mask: SUBNET, cidr: '198.51.100.0/24' },
  },
  {
    id: 4,
    action: 'deny',
    description: 'nothing from a blocked network',
    source: { network: BLOCKED_INTERNET, mask: HALF_SUBNET, cidr: '203.0.113.128/25' },
  },
  {
    id: 5,
    action: 'deny',
    description: 'names only from the own resolver',
    protocol: UDP,
    destination_port: 53,
    to_other_than_resolver: true,
  },
  { id: 6, action: 'allow', description: 'all else' },
]

/** The index of the rule that decides about a flow. */
export function ruleFor(version: number, protocol: number, source: number, destination: number, port: number): number {
  return RULES.findIndex(
    (rule) =>
      (rule.protocol === undefined || rule.protocol === protocol) &&
      (rule.destination_port === undefined || rule.destination_port === port) &&
      (rule.source === undefined || (version === 4 && (source & rule.source.mask) >>> 0 === rule.source.network)) &&
      (rule.to_other_than_resolver === undefined || (destination & 0xffff) !== 2),
  )
}

/** How long a packet is in the appliance; the truth says it in these words. */
export const INSPECTION = {
  distribution: 'base_ns + erlang(2, mean mean_ns); one packet in slow_path_in goes another way: + exponential(mean slow_path_mean_ns)',
  base_ns: 12_000,
  mean_ns: 24_000,
  slow_path_in: 1_000,
  slow_path_mean_ns: 900_000,
} as const

/** Draws one, in ns. */
export function inspectionLatency(random: Random): number {
  const { base_ns, mean_ns, slow_path_in, slow_path_mean_ns } = INSPECTION
  let latency = base_ns + (random.exponential() + random.exponential()) * (mean_ns / 2)
  if (random.below(slow_path_in) === 0) latency += random.exponential() * slow_path_mean_ns
  return Math.floor(latency)
}
