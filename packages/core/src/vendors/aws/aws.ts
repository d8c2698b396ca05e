/** The face `@geneve-telemetry/core/vendors/aws`: AWS's own options, and this project's telemetry record for what runs there. */
export { amazon, amazon as default } from './amazon.ts'
export { awsGwlb } from './gwlb.ts'
export { RecordEncoder } from './record/encoder.ts'
export type { AwsField, AwsRecord } from './record/fields.ts'
export { AWS_RECORD_CLASS, type AwsProfile, awsRecord } from './record/profile.ts'
