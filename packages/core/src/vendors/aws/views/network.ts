import { type Said, type Viewed, type ViewOf, view } from './view.ts'

const INFRASTRUCTURE_ID = {
  needs: [['account_id'], ['vpc_id']],
  fields: [
    'service_type',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'instance_id',
    'security_groups',
  ],
} as const
export type InfrastructureId = ViewOf<typeof INFRASTRUCTURE_ID>

/** Whose a resource is, and where: account or VPC is needed. */
export function infrastructureId(values: Said): Viewed<InfrastructureId> {
  return view(INFRASTRUCTURE_ID, values)
}

const PERFORMANCE_METRICS = {
  needs: [['throughput'], ['latency'], ['packet_loss'], ['jitter'], ['connection_count'], ['request_rate']],
  fields: ['throughput', 'latency', 'packet_loss', 'jitter', 'connection_count', 'request_rate'],
} as const
export type PerformanceMetrics = ViewOf<typeof PERFORMANCE_METRICS>

/** How well the network does: one of the figures is needed. */
export function performanceMetrics(values: Said): Viewed<PerformanceMetrics> {
  return view(PERFORMANCE_METRICS, values)
}

const SECURITY_CONTEXT = {
  needs: [['rule_action']],
  fields: [
    'security_group_id',
    'rule_action',
    'protocol',
    'port_range',
    'source_cidr',
    'nacl_id',
    'nacl_rule_number',
    'source_ip',
    'destination_ip',
    'source_port',
    'destination_port',
  ],
} as const
export type SecurityContext = ViewOf<typeof SECURITY_CONTEXT>

/** What a rule decided, and about which packets: the decision is needed. */
export function securityContext(values: Said): Viewed<SecurityContext> {
  return view(SECURITY_CONTEXT, values)
}

const VPC_FLOW = {
  needs: [['source_ip', 'destination_ip'], ['interface_id']],
  fields: [
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'instance_id',
    'interface_id',
    'protocol',
    'source_ip',
    'source_port',
    'destination_ip',
    'destination_port',
    'action',
    'packets',
    'bytes',
    'flow_direction',
    'traffic_path',
    'tcp_flags',
    'reject_reason',
  ],
} as const
export type VpcFlow = ViewOf<typeof VPC_FLOW>

/** A flow as a VPC flow log has it: the addresses or the interface are needed. */
export function vpcFlow(values: Said): Viewed<VpcFlow> {
  return view(VPC_FLOW, values)
}

const NAT_GATEWAY = {
  needs: [['nat_gateway_id']],
  fields: [
    'nat_gateway_id',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'nat_active_connections',
    'nat_port_allocation_errors',
    'nat_packets_dropped',
    'nat_idle_timeouts',
  ],
} as const
export type NatGateway = ViewOf<typeof NAT_GATEWAY>

/** A NAT gateway. */
export function natGateway(values: Said): Viewed<NatGateway> {
  return view(NAT_GATEWAY, values)
}

const VPC_ENDPOINT = {
  needs: [['vpc_endpoint_id']],
  fields: [
    'vpc_endpoint_id',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'route_table_id',
    'endpoint_active_connections',
    'endpoint_packets_dropped',
  ],
} as const
export type VpcEndpoint = ViewOf<typeof VPC_ENDPOINT>

/** A VPC endpoint. */
export function vpcEndpoint(values: Said): Viewed<VpcEndpoint> {
  return view(VPC_ENDPOINT, values)
}
