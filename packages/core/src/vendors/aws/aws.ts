/** The face `@geneve-telemetry/core/vendors/aws`: AWS's own options, and this project's telemetry record for what runs there. */
export { amazon, amazon as default } from './amazon.ts'
export { awsGwlb } from './gwlb.ts'
export { RecordEncoder } from './record/encoder.ts'
export { AWS_EXAMPLES } from './record/examples.ts'
export type { AwsField, AwsRecord, ServiceType } from './record/fields.ts'
export { type ParsedRecord, parseRecord, type RecordProblem } from './record/parse.ts'
export { AWS_RECORD_CLASS, type AwsProfile, awsRecord } from './record/profile.ts'
export { recordSchema } from './record/schema.ts'
export { type Ecs, type Eks, ecs, eks, type Fargate, fargate } from './views/containers.ts'
export {
  type InfrastructureId,
  infrastructureId,
  type NatGateway,
  natGateway,
  type PerformanceMetrics,
  performanceMetrics,
  type SecurityContext,
  securityContext,
  type VpcEndpoint,
  type VpcFlow,
  vpcEndpoint,
  vpcFlow,
} from './views/network.ts'
export {
  type CloudFront,
  cloudFront,
  type DirectConnect,
  directConnect,
  type LoadBalancer,
  loadBalancer,
  type TransitGateway,
  transitGateway,
} from './views/services.ts'
export type { Viewed } from './views/view.ts'
