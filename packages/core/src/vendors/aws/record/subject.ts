import type { Subject, ToldValues } from '../../../telemetry/told.ts'

/** A resource that a record may be about: the field that names it, and those without which the name is not unique. */
interface Resource {
  readonly type: string
  readonly within: readonly string[]
}

const LB_ARN: Resource = { type: 'lb_arn', within: [] }
const LB_NAME: Resource = { type: 'lb_name', within: ['account_id', 'region'] }
const TASK: Resource = { type: 'task_arn', within: [] }
const CLUSTER = ['account_id', 'region', 'cluster_name']
const SERVICE: Resource = { type: 'service_name', within: CLUSTER }

/** By `service_type`; the first that is named is the subject. */
const RESOURCES: ReadonlyMap<unknown, readonly Resource[]> = new Map([
  ['ALB', [LB_ARN, LB_NAME]],
  ['NLB', [LB_ARN, LB_NAME]],
  ['NAT_GATEWAY', [{ type: 'nat_gateway_id', within: [] }]],
  ['VPC_ENDPOINT', [{ type: 'vpc_endpoint_id', within: [] }]],
  ['CLOUDFRONT', [{ type: 'distribution_id', within: [] }]],
  [
    'TRANSIT_GATEWAY',
    [
      { type: 'tgw_attachment_id', within: [] },
      { type: 'tgw_id', within: [] },
    ],
  ],
  // Each virtual interface of a connection has a VLAN and a BGP session of its own.
  [
    'DIRECT_CONNECT',
    [
      { type: 'virtual_interface_id', within: ['connection_id'] },
      { type: 'connection_id', within: [] },
    ],
  ],
  ['ECS', [TASK, SERVICE]],
  ['FARGATE', [TASK, SERVICE]],
  ['EKS', [{ type: 'pod_name', within: [...CLUSTER, 'namespace'] }, SERVICE]],
])

const FIVE_TUPLE = ['vpc_id', 'protocol', 'source_ip', 'source_port', 'destination_ip', 'destination_port']

/** What each part of a record says again beside the names of its subject: whose it is, and what heads of ARNs are made of. */
const ALWAYS = ['service_type', 'account_id', 'region']

/**
 * What a record is about: the resource of its `service_type`, else its own 5-tuple (`five_tuple`), else the inner flow of its packet (`flow`), else its VPC
 * (`vpc_id`). `undefined` where it names none of them.
 */
export function subjectOf(values: ToldValues, flow: string | undefined): Subject | undefined {
  const resource = resourceOf(values)
  if (resource !== undefined) return { type: resource.type, id: idOf(values, [...resource.within, resource.type], '/') }
  if (hasFiveTuple(values)) return { type: 'five_tuple', id: idOf(values, FIVE_TUPLE, ' ') }
  if (flow !== undefined) return { type: 'flow', id: flow }
  const { vpc_id: vpc } = values
  return vpc === undefined ? undefined : { type: 'vpc_id', id: String(vpc) }
}

/** The names of the fields without which a part of this record would be about something else. */
export function subjectFields(values: ToldValues): ReadonlySet<string> {
  const resource = resourceOf(values)
  const names = resource !== undefined ? [...resource.within, resource.type] : hasFiveTuple(values) ? FIVE_TUPLE : ['vpc_id']
  return new Set([...ALWAYS, ...names].filter((name) => values[name] !== undefined))
}

function resourceOf(values: ToldValues): Resource | undefined {
  const { service_type: service } = values
  return RESOURCES.get(service)?.find(({ type }) => values[type] !== undefined)
}

function hasFiveTuple({ source_ip: source, destination_ip: destination }: ToldValues): boolean {
  return source !== undefined && destination !== undefined
}

function idOf(values: ToldValues, names: readonly string[], separator: string): string {
  const parts = names.map((name) => values[name]).filter((value) => value !== undefined)
  return parts.map(String).join(separator)
}
