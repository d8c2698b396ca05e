import { type Said, type Viewed, type ViewOf, view } from './view.ts'

const LOAD_BALANCER = {
  needs: [['lb_arn'], ['lb_name']],
  fields: [
    'service_type',
    'lb_name',
    'lb_arn',
    'target_group_arn',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'healthy_targets',
    'unhealthy_targets',
    'request_count',
    'response_time',
    'http_code',
    'routing_rule',
    'routing_host',
    'routing_path',
    'tls_version',
    'tls_cipher',
    'certificate_arn',
    'certificate_days_left',
    'tls_negotiation_errors',
    'cross_zone',
    'active_flows',
    'new_flows',
    'target_resets',
  ],
} as const
export type LoadBalancer = ViewOf<typeof LOAD_BALANCER>

/** An Application or Network Load Balancer: its ARN or its name is needed. */
export function loadBalancer(values: Said): Viewed<LoadBalancer> {
  return view(LOAD_BALANCER, values)
}

const CLOUD_FRONT = {
  needs: [['distribution_id']],
  fields: [
    'distribution_id',
    'account_id',
    'edge_location',
    'cache_hit_ratio',
    'origin_latency',
    'origin_shield_hits',
    'origin_shield_misses',
    'edge_result_type',
    'time_to_first_byte',
    'time_taken',
    'status_code',
    'viewer_country',
    'cs_host',
    'tls_version',
    'tls_cipher',
  ],
} as const
export type CloudFront = ViewOf<typeof CLOUD_FRONT>

/** A CloudFront distribution. */
export function cloudFront(values: Said): Viewed<CloudFront> {
  return view(CLOUD_FRONT, values)
}

const TRANSIT_GATEWAY = {
  needs: [['tgw_attachment_id'], ['tgw_id']],
  fields: [
    'account_id',
    'region',
    'tgw_id',
    'tgw_attachment_id',
    'tgw_peer_attachment_id',
    'tgw_route_table_id',
    'attachment_type',
    'propagated_routes',
    'bandwidth_utilization',
    'packets_dropped_no_route',
    'packets_dropped_blackhole',
    'tgw_src_vpc_id',
    'tgw_dst_vpc_id',
    'tgw_src_az_id',
    'tgw_dst_az_id',
    'peer_region',
    'vpn_connection_id',
    'vpn_tunnel_state',
  ],
} as const
export type TransitGateway = ViewOf<typeof TRANSIT_GATEWAY>

/** An attachment of a Transit Gateway: it or the gateway is needed. */
export function transitGateway(values: Said): Viewed<TransitGateway> {
  return view(TRANSIT_GATEWAY, values)
}

const DIRECT_CONNECT = {
  needs: [['connection_id'], ['virtual_interface_id']],
  fields: [
    'account_id',
    'region',
    'connection_id',
    'virtual_interface_id',
    'vlan',
    'bgp_peer_asn',
    'bgp_status',
    'bgp_prefixes_received',
    'bgp_prefixes_advertised',
    'bgp_local_preference',
    'bgp_as_path_length',
    'connection_state',
    'light_level_tx',
    'light_level_rx',
    'connection_errors',
  ],
} as const
export type DirectConnect = ViewOf<typeof DIRECT_CONNECT>

/** A Direct Connect connection: it or its virtual interface is needed. */
export function directConnect(values: Said): Viewed<DirectConnect> {
  return view(DIRECT_CONNECT, values)
}
