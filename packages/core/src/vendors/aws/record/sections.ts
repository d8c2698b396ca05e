import type { RecordSection } from '../../record-profile.ts'
import { AWS_EXAMPLES } from './examples.ts'

/** What records tell of each service. */
export const AWS_SECTIONS: readonly RecordSection[] = [
  {
    title: 'VPC and its flows',
    topics: [
      [
        'Topology',
        [
          'account_id',
          'region',
          'availability_zone',
          'availability_zone_id',
          'vpc_id',
          'subnet_id',
          'instance_id',
          'interface_id',
          'route_table_id',
          'traffic_path',
        ],
      ],
      [
        'Flows',
        [
          'protocol',
          'source_ip',
          'source_port',
          'destination_ip',
          'destination_port',
          'action',
          'packets',
          'bytes',
          'flow_direction',
          'tcp_flags',
          'reject_reason',
        ],
      ],
      ['Security groups', ['security_groups', 'security_group_id', 'rule_action', 'protocol', 'port_range', 'source_cidr']],
      ['Network ACLs', ['nacl_id', 'nacl_rule_number', 'rule_action']],
      ['Performance', ['throughput', 'latency', 'packet_loss', 'jitter', 'connection_count', 'request_rate']],
    ],
    views: ['infrastructureId', 'performanceMetrics', 'securityContext', 'vpcFlow'],
    example: AWS_EXAMPLES.VPC,
  },
  {
    title: 'VPC endpoint',
    topics: [
      [
        'Endpoints',
        [
          'vpc_endpoint_id',
          'vpc_id',
          'subnet_id',
          'availability_zone_id',
          'route_table_id',
          'endpoint_active_connections',
          'endpoint_packets_dropped',
        ],
      ],
    ],
    views: ['vpcEndpoint'],
    example: AWS_EXAMPLES.VPC_ENDPOINT,
  },
  {
    title: 'NAT gateway',
    topics: [
      [
        'NAT gateway',
        [
          'nat_gateway_id',
          'vpc_id',
          'subnet_id',
          'nat_active_connections',
          'nat_port_allocation_errors',
          'nat_packets_dropped',
          'nat_idle_timeouts',
        ],
      ],
    ],
    views: ['natGateway'],
    example: AWS_EXAMPLES.NAT_GATEWAY,
  },
  {
    title: 'ECS',
    topics: [
      [
        'Container networking',
        [
          'network_mode',
          'network_rx_bytes',
          'network_tx_bytes',
          'network_rx_dropped',
          'network_tx_dropped',
          'cluster_name',
          'task_arn',
          'task_definition',
          'container_id',
          'launch_type',
        ],
      ],
      ['Service discovery and mesh', ['service_name', 'discovery_namespace', 'mesh_retries', 'mesh_failures']],
      ['Load balancer integration', ['lb_arn', 'target_group_arn']],
    ],
    views: ['ecs'],
    example: AWS_EXAMPLES.ECS,
  },
  {
    title: 'EKS',
    topics: [
      [
        'Container networking',
        [
          'network_mode',
          'network_rx_bytes',
          'network_tx_bytes',
          'network_rx_dropped',
          'network_tx_dropped',
          'cluster_name',
          'cluster_version',
          'node_group',
          'namespace',
          'pod_name',
          'container_id',
          'cni_plugin',
        ],
      ],
      ['Service discovery and mesh', ['service_name', 'discovery_namespace', 'mesh_retries', 'mesh_failures']],
      ['Load balancer integration', ['lb_arn', 'target_group_arn']],
    ],
    views: ['eks'],
    example: AWS_EXAMPLES.EKS,
  },
  {
    title: 'Fargate',
    topics: [
      [
        'Fargate networking',
        [
          'network_mode',
          'network_rx_bytes',
          'network_tx_bytes',
          'network_rx_dropped',
          'network_tx_dropped',
          'platform_version',
          'launch_type',
          'interface_id',
          'subnet_id',
          'availability_zone_id',
        ],
      ],
      ['Tasks', ['cluster_name', 'task_arn', 'task_definition', 'container_id']],
      ['Service discovery and mesh', ['service_name', 'discovery_namespace', 'mesh_retries', 'mesh_failures']],
      ['Load balancer integration', ['lb_arn', 'target_group_arn']],
    ],
    views: ['fargate'],
    example: AWS_EXAMPLES.FARGATE,
  },
  {
    title: 'Application Load Balancer',
    topics: [
      ['Target health', ['lb_name', 'lb_arn', 'target_group_arn', 'availability_zone', 'healthy_targets', 'unhealthy_targets']],
      ['Requests', ['request_count', 'response_time', 'http_code']],
      ['Path and host routing', ['routing_rule', 'routing_host', 'routing_path']],
      [
        'TLS termination and certificates',
        ['tls_version', 'tls_cipher', 'certificate_arn', 'certificate_days_left', 'tls_negotiation_errors'],
      ],
      ['Cross-zone', ['cross_zone']],
    ],
    views: ['loadBalancer'],
    example: AWS_EXAMPLES.ALB,
  },
  {
    title: 'Network Load Balancer',
    topics: [
      ['Target health', ['lb_name', 'lb_arn', 'target_group_arn', 'healthy_targets', 'unhealthy_targets', 'target_resets']],
      ['Flows', ['active_flows', 'new_flows']],
      [
        'TLS termination and certificates',
        ['tls_version', 'tls_cipher', 'certificate_arn', 'certificate_days_left', 'tls_negotiation_errors'],
      ],
      ['Cross-zone', ['cross_zone']],
    ],
    views: ['loadBalancer'],
    example: AWS_EXAMPLES.NLB,
  },
  {
    title: 'CloudFront',
    topics: [
      ['Edge locations', ['distribution_id', 'edge_location', 'viewer_country', 'cs_host']],
      ['Cache hit ratio', ['cache_hit_ratio', 'edge_result_type']],
      ['Origin Shield', ['origin_shield_hits', 'origin_shield_misses', 'origin_latency']],
      ['Real-time logs', ['status_code', 'time_to_first_byte', 'time_taken', 'edge_result_type', 'tls_version', 'tls_cipher']],
    ],
    views: ['cloudFront'],
    example: AWS_EXAMPLES.CLOUDFRONT,
  },
  {
    title: 'Transit Gateway',
    topics: [
      [
        'Across VPCs',
        [
          'tgw_id',
          'tgw_attachment_id',
          'tgw_peer_attachment_id',
          'attachment_type',
          'tgw_src_vpc_id',
          'tgw_dst_vpc_id',
          'tgw_src_az_id',
          'tgw_dst_az_id',
          'peer_region',
        ],
      ],
      ['On-premises, by VPN and Direct Connect', ['attachment_type', 'vpn_connection_id', 'vpn_tunnel_state']],
      ['Route propagation', ['tgw_route_table_id', 'propagated_routes', 'packets_dropped_no_route', 'packets_dropped_blackhole']],
      ['Bandwidth', ['bandwidth_utilization', 'throughput']],
    ],
    views: ['transitGateway'],
    example: AWS_EXAMPLES.TRANSIT_GATEWAY,
  },
  {
    title: 'Direct Connect',
    topics: [
      ['Dedicated connections', ['connection_id', 'connection_state', 'connection_errors']],
      ['Virtual interfaces', ['virtual_interface_id', 'vlan']],
      [
        'BGP',
        ['bgp_peer_asn', 'bgp_status', 'bgp_prefixes_received', 'bgp_prefixes_advertised', 'bgp_local_preference', 'bgp_as_path_length'],
      ],
      ['Link health', ['light_level_tx', 'light_level_rx', 'connection_errors']],
    ],
    views: ['directConnect'],
    example: AWS_EXAMPLES.DIRECT_CONNECT,
  },
]
