import { awsGwlb } from './aws/gwlb.ts'
import type { Vendor } from './vendor.ts'

/** All tables that come with this package. */
export const builtInVendors: readonly Vendor[] = [awsGwlb]
