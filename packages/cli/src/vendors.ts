import { type Vendor, vocabulary } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { about } from './exit.ts'
import { loadVendor } from './load.ts'
import { callersFolder } from './place.ts'

/** Options of the commands that know vendors. */
export interface VendorOptions {
  /** Modules. */
  readonly vendor: readonly string[]
  /** YAML files. */
  readonly vendorTable: readonly string[]
}

/**
 * The vendors that come with the program, and behind them those that the options name.
 *
 * @throws OperatorError for one that cannot be read, or that does not agree with those before it
 */
export async function loadVendors(
  { vendor, vendorTable }: VendorOptions,
  builtIn: readonly Vendor[] = builtInVendors,
): Promise<readonly Vendor[]> {
  const folder = callersFolder()
  const loaded = await Promise.all(vendor.map((name) => loadVendor(name, folder)))
  // One that is built in may be named all the same.
  const vendors = [...builtIn, ...new Set(loaded.filter((one) => !builtInVendors.includes(one)))]
  if (vendors.length > builtIn.length) about('--vendor', () => agree(vendors))
  if (vendorTable.length === 0) return vendors
  const { VendorFile } = await import('./vendor-file.ts')
  for (const name of vendorTable) {
    const file = new VendorFile(name)
    file.agree((one) => agree([...vendors, one]))
    vendors.push(file.vendor)
  }
  return vendors
}

/** Throws if an option or a name would have two meanings. */
function agree(vendors: readonly Vendor[]): void {
  new OptionTable(vendors)
  vocabulary(vendors)
}
