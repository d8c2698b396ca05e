import { expect, expectTypeOf, test } from 'vitest'
import type { Quantity } from '../../src/index.ts'
import * as aws from '../../src/vendors/aws/aws.ts'
import { AWS_EXAMPLES, awsRecord, type ServiceType } from '../../src/vendors/aws/aws.ts'

const { sections = [] } = awsRecord()

const VIEWS = {
  infrastructureId: aws.infrastructureId,
  performanceMetrics: aws.performanceMetrics,
  securityContext: aws.securityContext,
  vpcFlow: aws.vpcFlow,
  natGateway: aws.natGateway,
  vpcEndpoint: aws.vpcEndpoint,
  ecs: aws.ecs,
  eks: aws.eks,
  fargate: aws.fargate,
  loadBalancer: aws.loadBalancer,
  cloudFront: aws.cloudFront,
  transitGateway: aws.transitGateway,
  directConnect: aws.directConnect,
}

test.each(sections.map((section) => [section.title, section] as const))(
  '%s: its views show what its example says',
  (_, { views, example }) => {
    const shown = new Set<string>()
    for (const name of views as readonly (keyof typeof VIEWS)[]) {
      const viewed = VIEWS[name](example)
      if (!viewed.ok) {
        // Only a section of several views has an example that is none of one of them.
        expect(views.length).toBeGreaterThan(1)
        continue
      }
      for (const [field, value] of Object.entries(viewed.value)) {
        expect(value).toEqual(example[field])
        shown.add(field)
      }
    }
    const common = new Set(['service_type', 'throughput'])
    for (const field of Object.keys(example)) expect(shown.has(field) || common.has(field), field).toBe(true)
  },
)

test('every view has a section, every service its example', () => {
  expect(new Set(sections.flatMap(({ views }) => views))).toEqual(new Set(Object.keys(VIEWS)))
  expect(new Set(sections.map(({ example }) => example['service_type']))).toEqual(new Set(Object.keys(AWS_EXAMPLES) as ServiceType[]))
})

test('every field is told of some service', () => {
  const told = new Set(sections.flatMap(({ topics }) => topics.flatMap(([, fields]) => fields)))
  expect(
    awsRecord()
      .fields.map(({ name }) => name)
      .filter((name) => !told.has(name)),
  ).toEqual(['service_type'])
  const known = new Set(awsRecord().fields.map(({ name }) => name))
  expect([...told].filter((name) => !known.has(name))).toEqual([])
})

test.each([
  ['infrastructureId', ['account_id', 'vpc_id']],
  ['performanceMetrics', ['throughput', 'latency', 'packet_loss', 'jitter', 'connection_count', 'request_rate']],
  ['securityContext', ['rule_action']],
  ['vpcFlow', ['source_ip', 'destination_ip', 'interface_id']],
  ['natGateway', ['nat_gateway_id']],
  ['vpcEndpoint', ['vpc_endpoint_id']],
  ['ecs', ['task_arn', 'service_name', 'cluster_name']],
  ['eks', ['pod_name', 'service_name', 'cluster_name']],
  ['fargate', ['task_arn', 'service_name', 'cluster_name']],
  ['loadBalancer', ['lb_arn', 'lb_name']],
  ['cloudFront', ['distribution_id']],
  ['transitGateway', ['tgw_attachment_id', 'tgw_id']],
  ['directConnect', ['connection_id', 'virtual_interface_id']],
] as const)('%s says what is missing', (name, missing) => {
  expect(VIEWS[name]({ http_code: '200' })).toEqual({ ok: false, missing })
})

test('of several that are needed, only those that are not there are missing', () => {
  expect(aws.vpcFlow({ source_ip: '10.0.0.1', bytes: 1 })).toEqual({ ok: false, missing: ['destination_ip', 'interface_id'] })
  expect(aws.vpcFlow({ interface_id: 'eni-12345678', bytes: 2n ** 60n })).toEqual({
    ok: true,
    value: { interface_id: 'eni-12345678', bytes: 2n ** 60n },
  })
})

test('values have the types of their fields', () => {
  const viewed = aws.natGateway({ nat_gateway_id: 'nat-12345678', nat_packets_dropped: 2, latency: 5 })
  expect(viewed).toEqual({ ok: true, value: { nat_gateway_id: 'nat-12345678', nat_packets_dropped: 2 } })
  if (!viewed.ok) throw new Error('no view')
  expectTypeOf(viewed.value.nat_gateway_id).toEqualTypeOf<string>()
  expectTypeOf(viewed.value.nat_packets_dropped).toEqualTypeOf<Quantity | undefined>()
  expectTypeOf<aws.AwsRecord['latency']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<aws.AwsRecord['rule_action']>().toEqualTypeOf<'ALLOW' | 'DENY' | undefined>()
  expectTypeOf<aws.AwsRecord['security_groups']>().toEqualTypeOf<readonly string[] | undefined>()
  expectTypeOf<aws.LoadBalancer['cross_zone']>().toEqualTypeOf<boolean | undefined>()
})
