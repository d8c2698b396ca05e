import fc from 'fast-check'
import type { ToldValues } from '../../src/telemetry/told.ts'
import { awsRecord, RecordEncoder } from '../../src/vendors/aws/aws.ts'
import type { DecodedRecord } from '../../src/vendors/vendors.ts'

export const RECORD_CLASS = 0x0105

const profile = awsRecord()
const encoder = new RecordEncoder()

/** Decodes an options area of its own. */
export function decodeOptions(bytes: Uint8Array): DecodedRecord | undefined {
  return profile.decode(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength)
}

/** The options of an area, each with its header. */
export function optionsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const options: Uint8Array[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const next = at + 4 + (bytes[at + 3]! & 0x1f) * 4
    options.push(bytes.subarray(at, next))
    at = next
  }
  return options
}

/** The packets' options of any record; those that do not fit in any number of packets are no case for a property. */
export function packetsOf(record: ToldValues): readonly Uint8Array[] {
  try {
    return encoder.split(record)
  } catch (error) {
    fc.pre(!(error instanceof RangeError))
    throw error
  }
}
