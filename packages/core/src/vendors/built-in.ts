import { amazon } from './aws/amazon.ts'
import { awsRecord } from './aws/record/profile.ts'
import { cilium } from './cilium.ts'
import { cpacket } from './cpacket.ts'
import { google } from './google.ts'
import { int } from './int/int.ts'
import { linux } from './linux.ts'
import { ovn } from './ovn.ts'
import { oxide } from './oxide.ts'
import { tencent } from './tencent.ts'
import type { Vendor } from './vendor.ts'

/** All tables that come with this package. */
export const builtInVendors: readonly Vendor[] = [amazon, tencent, google, ovn, cilium, oxide, int, cpacket, linux]

/**
 * The same, with the telemetry record in options of this class.
 *
 * @throws RangeError if it is no class
 */
export function vendorsWithRecordClass(optionClass: number): readonly Vendor[] {
  return builtInVendors.map((vendor) => {
    if (vendor !== amazon || vendor.record?.optionClass === optionClass) return vendor
    return { ...vendor, record: awsRecord(optionClass) }
  })
}
