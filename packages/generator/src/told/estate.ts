import type { Random } from '../random.ts'
import { ACCOUNTS, clientAddress, ipv4Text, resourceId, serverAddress, type Vpc } from '../world.ts'
import { type Report, Reporter } from './reporter.ts'

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** All who report of a VPC and of what runs in and around it. */
export function reportersOf(vpcs: readonly Vpc[], random: Random): readonly Reporter[] {
  const reports = vpcs.flatMap((vpc) => [
    ...networkOf(vpc, random),
    ...balancersOf(vpc, random),
    ...containersOf(vpc, random),
    ...linesOf(vpc, random),
  ])
  return reports.map((report) => new Reporter(report, random))
}

/** What a data plane of the user's own says with the packets of a flow. */
export function attachedRecord(vpc: Vpc, random: Random): Report['about'] {
  return {
    service_type: 'VPC',
    ...placeOf(vpc),
    vpc_id: vpc.id,
    subnet_id: vpc.subnet,
    latency: random.between(1, 260),
    jitter: random.below(30),
    packet_loss: random.below(50) / 10,
    rule_action: 'ALLOW',
  }
}

function networkOf(vpc: Vpc, random: Random): readonly Report[] {
  const place = placeOf(vpc)
  return [
    {
      about: {
        service_type: 'VPC',
        ...place,
        vpc_id: vpc.id,
        subnet_id: vpc.subnet,
        interface_id: resourceId('eni', random),
        source_ip: ipv4Text(clientAddress(vpc, 4, 3)),
        destination_ip: ipv4Text(serverAddress(vpc, 4, 1)),
        source_port: random.between(32_768, 60_999),
        destination_port: 443,
        protocol: 'tcp',
        flow_direction: 'egress',
        traffic_path: 1,
      },
      counters: { packets: 900, bytes: 700_000 },
      gauges: { tcp_flags: [2, 3] },
      states: { action: ['ACCEPT', 'ACCEPT', 'REJECT'] },
    },
    {
      about: {
        service_type: 'VPC',
        ...place,
        vpc_id: vpc.id,
        subnet_id: vpc.subnet,
        instance_id: resourceId('i', random),
        security_groups: [resourceId('sg', random), resourceId('sg', random)],
        nacl_id: resourceId('acl', random),
        route_table_id: resourceId('rtb', random),
      },
      gauges: {
        latency: [1, 240],
        jitter: [0, 30],
        packet_loss: [0, 4, 1],
        throughput: [1_000_000, 900_000_000],
        nacl_rule_number: [100, 120],
      },
      states: { rule_action: ['ALLOW', 'ALLOW', 'DENY'] },
    },
    {
      about: { service_type: 'VPC_ENDPOINT', ...place, vpc_id: vpc.id, vpc_endpoint_id: resourceId('vpce', random) },
      counters: { endpoint_packets_dropped: 2 },
      gauges: { endpoint_active_connections: [4, 900] },
    },
    {
      about: { service_type: 'NAT_GATEWAY', ...place, vpc_id: vpc.id, subnet_id: vpc.subnet, nat_gateway_id: resourceId('nat', random) },
      counters: { nat_port_allocation_errors: 1, nat_packets_dropped: 3, nat_idle_timeouts: 40 },
      gauges: { nat_active_connections: [100, 30_000], connection_count: [100, 30_000] },
    },
    {
      about: {
        service_type: 'TRANSIT_GATEWAY',
        ...place,
        tgw_id: resourceId('tgw', random),
        tgw_attachment_id: resourceId('tgw-attach', random),
        tgw_route_table_id: resourceId('tgw-rtb', random),
        attachment_type: 'vpc',
        tgw_src_vpc_id: vpc.id,
        tgw_src_az_id: vpc.zoneId,
      },
      counters: { packets_dropped_no_route: 2, packets_dropped_blackhole: 1 },
      gauges: { bandwidth_utilization: [1, 96, 1], propagated_routes: [4, 60], throughput: [1_000_000, 40_000_000_000] },
    },
  ]
}

function balancersOf(vpc: Vpc, random: Random): readonly Report[] {
  const { region, account_id } = placeOf(vpc)
  const head = `arn:aws:elasticloadbalancing:${region}:${account_id}:`
  return [
    {
      about: {
        service_type: 'ALB',
        account_id,
        region,
        availability_zone_id: vpc.zoneId,
        lb_arn: `${head}loadbalancer/app/shop-${vpc.index}/${hexDigits(random, 16)}`,
        target_group_arn: `${head}targetgroup/shop-${vpc.index}/${hexDigits(random, 16)}`,
        routing_host: 'shop.example',
        tls_version: 'TLSv1.3',
        cross_zone: true,
      },
      counters: { request_count: 5_000, tls_negotiation_errors: 2 },
      gauges: { response_time: [0.004, 1.8, 3], unhealthy_targets: [0, 2], certificate_days_left: [9, 60] },
      states: { http_code: ['200', '200', '404', '502'], healthy_targets: [6, 5, 4] },
    },
    {
      about: {
        service_type: 'NLB',
        ...placeOf(vpc),
        lb_name: `ingest-${vpc.index}`,
        lb_arn: `${head}loadbalancer/net/ingest-${vpc.index}/${hexDigits(random, 16)}`,
        cross_zone: false,
      },
      counters: { new_flows: 900, target_resets: 4, tls_negotiation_errors: 1 },
      gauges: { active_flows: [40, 9_000], request_rate: [10, 4_000] },
      states: { healthy_targets: [4, 3], unhealthy_targets: [0, 1] },
    },
  ]
}

function containersOf(vpc: Vpc, random: Random): readonly Report[] {
  const { region, account_id } = placeOf(vpc)
  const place = { account_id, region }
  const counters = {
    network_rx_bytes: 4_000_000,
    network_tx_bytes: 900_000,
    network_rx_dropped: 2,
    network_tx_dropped: 1,
    mesh_retries: 3,
    mesh_failures: 1,
  }
  const task = (cluster: string): string => `arn:aws:ecs:${region}:${account_id}:task/${cluster}/${hexDigits(random, 32)}`
  const about = { cluster_name: 'prod', network_mode: 'awsvpc' }
  return [
    {
      about: {
        service_type: 'ECS',
        ...place,
        ...about,
        service_name: 'checkout',
        task_arn: task('prod'),
        task_definition: `checkout:${random.between(1, 90)}`,
        container_id: hexDigits(random, 12),
        launch_type: 'EC2',
        discovery_namespace: 'prod.local',
      },
      counters,
    },
    {
      about: {
        service_type: 'FARGATE',
        ...place,
        ...about,
        service_name: 'reports',
        task_arn: task('batch'),
        launch_type: 'FARGATE',
        platform_version: '1.4.0',
      },
      counters,
    },
    {
      about: {
        service_type: 'EKS',
        ...place,
        ...about,
        cluster_version: '1.33',
        node_group: 'general',
        namespace: 'shop',
        pod_name: `cart-${hexDigits(random, 9)}-${hexDigits(random, 5)}`,
        service_name: 'cart',
        cni_plugin: 'amazon-vpc-cni',
      },
      counters,
    },
  ]
}

/** Lines of its own, and the edge of the world. */
function linesOf(vpc: Vpc, random: Random): readonly Report[] {
  const { account_id, region } = placeOf(vpc)
  return [
    {
      about: {
        service_type: 'DIRECT_CONNECT',
        account_id,
        region,
        connection_id: `dxcon-${textOf(random, 8)}`,
        virtual_interface_id: `dxvif-${textOf(random, 8)}`,
        vlan: 100 + vpc.index,
        bgp_peer_asn: 64_512 + vpc.index,
      },
      counters: { connection_errors: 1 },
      gauges: {
        bgp_prefixes_received: [8, 40],
        bgp_prefixes_advertised: [2, 10],
        bgp_local_preference: [100, 200],
        bgp_as_path_length: [1, 5],
        light_level_tx: [-4, -1, 1],
        light_level_rx: [-9, -2, 1],
      },
      states: { bgp_status: ['up', 'up', 'down'], connection_state: ['available', 'available', 'down'] },
    },
    {
      about: {
        service_type: 'CLOUDFRONT',
        account_id,
        distribution_id: `E${textOf(random, 13).toUpperCase()}`,
        cs_host: 'www.shop.example',
        tls_version: 'TLSv1.3',
      },
      counters: { origin_shield_hits: 900, origin_shield_misses: 90 },
      gauges: { cache_hit_ratio: [60, 99, 1], origin_latency: [20, 400], time_to_first_byte: [8, 600], time_taken: [0.01, 2, 3] },
      states: {
        edge_location: ['FRA56-P4', 'IAD89-C1', 'SYD62-P2'],
        edge_result_type: ['Hit', 'Miss', 'Error'],
        viewer_country: ['DE', 'US', 'AU'],
        status_code: [200, 304, 503],
      },
    },
  ]
}

function placeOf(vpc: Vpc): {
  readonly account_id: string
  readonly region: string
  readonly availability_zone: string
  readonly availability_zone_id: string
} {
  return { account_id: ACCOUNTS[vpc.account]!, region: vpc.region, availability_zone: vpc.zone, availability_zone_id: vpc.zoneId }
}

function hexDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => LETTERS[random.below(16)]).join('')
}

function textOf(random: Random, count: number): string {
  return Array.from({ length: count }, () => LETTERS[random.below(LETTERS.length)]).join('')
}
