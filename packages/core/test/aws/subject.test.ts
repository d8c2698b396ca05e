import { expect, test } from 'vitest'
import { AWS_EXAMPLES, awsRecord, type ServiceType } from '../../src/vendors/aws/aws.ts'

const profile = awsRecord()

const ABOUT: Readonly<Record<ServiceType, { readonly type: string; readonly id: string }>> = {
  VPC: { type: 'five_tuple', id: 'vpc-12345678 tcp 203.0.113.9 50123 10.0.1.20 22' },
  VPC_ENDPOINT: { type: 'vpc_endpoint_id', id: 'vpce-0fedcba9876543210' },
  NAT_GATEWAY: { type: 'nat_gateway_id', id: 'nat-0a1b2c3d4e5f60718' },
  ECS: { type: 'task_arn', id: 'arn:aws:ecs:us-east-1:123456789012:task/prod/158d1c8083dd49d6b527399fd6414f5c' },
  EKS: { type: 'pod_name', id: '123456789012/us-east-1/prod/shop/cart-7d9f8b6c5-x2x9z' },
  FARGATE: { type: 'task_arn', id: 'arn:aws:ecs:us-east-1:123456789012:task/batch/0f9de17a6465404e8b1b2356dc13c2f8' },
  ALB: { type: 'lb_arn', id: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188' },
  NLB: { type: 'lb_arn', id: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/ingest/1f2e3d4c5b6a7980' },
  CLOUDFRONT: { type: 'distribution_id', id: 'E1PXMP22ZVFAOR' },
  TRANSIT_GATEWAY: { type: 'tgw_attachment_id', id: 'tgw-attach-0a1b2c3d4e5f60718' },
  DIRECT_CONNECT: { type: 'virtual_interface_id', id: 'dxcon-ffqr6x5q/dxvif-fgy8orxu' },
}

test.each(Object.entries(ABOUT))('a record of %s is about its resource, whatever flow carries it', (service, subject) => {
  expect(profile.subjectOf(AWS_EXAMPLES[service as ServiceType], undefined)).toEqual(subject)
  expect(profile.subjectOf(AWS_EXAMPLES[service as ServiceType], 'a flow')).toEqual(subject)
})

test('a resource that names itself otherwise', () => {
  const about = (values: object) => profile.subjectOf({ account_id: '123456789012', region: 'us-east-1', ...values }, 'a flow')
  expect(about({ service_type: 'ALB', lb_name: 'web' })).toEqual({ type: 'lb_name', id: '123456789012/us-east-1/web' })
  expect(about({ service_type: 'TRANSIT_GATEWAY', tgw_id: 'tgw-12345678' })).toEqual({ type: 'tgw_id', id: 'tgw-12345678' })
  expect(about({ service_type: 'DIRECT_CONNECT', connection_id: 'dxcon-a' })).toEqual({ type: 'connection_id', id: 'dxcon-a' })
  expect(about({ service_type: 'ECS', cluster_name: 'prod', service_name: 'cart' })).toEqual({
    type: 'service_name',
    id: '123456789012/us-east-1/prod/cart',
  })
})

test('without a resource of its service: the 5-tuple, the flow, the VPC, in this order', () => {
  const vpc = { service_type: 'NAT_GATEWAY', vpc_id: 'vpc-12345678', lb_arn: 'arn:x' }
  const tuple = { protocol: 'icmp', source_ip: '10.0.0.1', destination_ip: '10.0.0.2' }
  expect(profile.subjectOf({ ...vpc, ...tuple }, 'a flow')).toEqual({ type: 'five_tuple', id: 'vpc-12345678 icmp 10.0.0.1 10.0.0.2' })
  expect(profile.subjectOf({ ...vpc, source_ip: '10.0.0.1' }, 'a flow')).toEqual({ type: 'flow', id: 'a flow' })
  expect(profile.subjectOf(vpc, undefined)).toEqual({ type: 'vpc_id', id: 'vpc-12345678' })
  expect(profile.subjectOf({ latency: 1 }, undefined)).toBeUndefined()
  expect(profile.subjectOf({ service_type: 'constructor', latency: 1 }, undefined)).toBeUndefined()
})
