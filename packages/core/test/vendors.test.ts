import { test } from 'vitest'
import { testVendor } from '../src/testing/testing.ts'
import { builtInVendors } from '../src/vendors/vendors.ts'

for (const vendor of builtInVendors) testVendor(vendor, test)
