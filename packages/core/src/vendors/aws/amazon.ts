import type { Vendor } from '../vendor.ts'
import { awsGwlb } from './gwlb.ts'
import { awsRecord } from './record/profile.ts'

/** All that is known in Amazon's option classes: what AWS's load balancer sends, and this project's own telemetry record. */
export const amazon: Vendor = { ...awsGwlb, record: awsRecord() }
