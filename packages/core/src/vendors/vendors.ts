/** The face `@geneve-telemetry/core/vendors`: the vendors' tables and what they are made of. */
export { builtInVendors } from './built-in.ts'
export type { KnownOption, KnownRecord } from './option-table.ts'
export { FLOW_DATA_LENGTH, lengthsOf, OptionTable } from './option-table.ts'
export { readHex32, readHex64, writeHex } from './readers.ts'
export type { DecodedRecord, RecordEntry, RecordField, RecordProfile } from './record-profile.ts'
export type { OptionClassOwner } from './registry.ts'
export { optionClassOwner } from './registry.ts'
export type { OptionLayout, Vendor } from './vendor.ts'
