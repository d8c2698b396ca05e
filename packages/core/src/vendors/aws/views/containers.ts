import { type Said, type Viewed, type ViewOf, view } from './view.ts'

const ECS = {
  needs: [['task_arn'], ['service_name'], ['cluster_name']],
  fields: [
    'cluster_name',
    'service_name',
    'task_arn',
    'task_definition',
    'container_id',
    'launch_type',
    'network_mode',
    'discovery_namespace',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'instance_id',
    'network_rx_bytes',
    'network_tx_bytes',
    'network_rx_dropped',
    'network_tx_dropped',
    'mesh_retries',
    'mesh_failures',
    'lb_arn',
    'target_group_arn',
  ],
} as const
export type Ecs = ViewOf<typeof ECS>

/** An ECS task or service: the task, the service or the cluster is needed. */
export function ecs(values: Said): Viewed<Ecs> {
  return view(ECS, values)
}

const EKS = {
  needs: [['pod_name'], ['service_name'], ['cluster_name']],
  fields: [
    'cluster_name',
    'cluster_version',
    'node_group',
    'namespace',
    'pod_name',
    'service_name',
    'container_id',
    'network_mode',
    'cni_plugin',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'instance_id',
    'network_rx_bytes',
    'network_tx_bytes',
    'network_rx_dropped',
    'network_tx_dropped',
    'mesh_retries',
    'mesh_failures',
    'lb_arn',
    'target_group_arn',
  ],
} as const
export type Eks = ViewOf<typeof EKS>

/** A pod or service of EKS: the pod, the service or the cluster is needed. */
export function eks(values: Said): Viewed<Eks> {
  return view(EKS, values)
}

const FARGATE = {
  needs: [['task_arn'], ['service_name'], ['cluster_name']],
  fields: [
    'cluster_name',
    'service_name',
    'task_arn',
    'task_definition',
    'container_id',
    'launch_type',
    'platform_version',
    'network_mode',
    'discovery_namespace',
    'account_id',
    'region',
    'availability_zone',
    'availability_zone_id',
    'vpc_id',
    'subnet_id',
    'interface_id',
    'network_rx_bytes',
    'network_tx_bytes',
    'network_rx_dropped',
    'network_tx_dropped',
    'mesh_retries',
    'mesh_failures',
    'lb_arn',
    'target_group_arn',
  ],
} as const
export type Fargate = ViewOf<typeof FARGATE>

/** A task on Fargate: the task, the service or the cluster is needed. */
export function fargate(values: Said): Viewed<Fargate> {
  return view(FARGATE, values)
}
