import { readFile } from 'node:fs/promises'
import { ToldRecords } from '@geneve-telemetry/analytics'
import type {
  Exporter,
  FieldValue,
  Outcome,
  TelemetryRecord,
  ToldRecord,
  ToldValue,
  ToldValues,
  Wire,
  Wiring,
} from '@geneve-telemetry/core'
import { isRejected } from '@geneve-telemetry/core'
import { encodeFrame } from '@geneve-telemetry/core/encode'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { type AwsField, awsRecord, RecordEncoder } from '@geneve-telemetry/core/vendors/aws'
import { DecodeRules, decodePacket, PacketView } from '@geneve-telemetry/core/wire'

/** A telemetry record with every field that there is, as exporters get it: written, split over packets, decoded and merged by the project. */

export const FIELDS: readonly AwsField[] = awsRecord().fields

const TIME = { seconds: 1_795_428_000, nanos: 123_456_789 }
const RAW_IP = 101

/** What a 64-bit number is in a record. */
function quantity(value: bigint): number | bigint {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? value : Number(value)
}

const NUMBERS: Readonly<Record<string, number>> = {
  u8: 255,
  u12: 4095,
  u16: 65_535,
  u32: 4_294_967_295,
  i32: -2_147_483_648,
  // The nearest float32 is printed as its shortest decimal, which no `float` of a backend gives back as it is.
  float32: 0.1,
  float64: 1.000_000_000_000_000_2,
}

/** The largest value of a field, or one that is easily spoiled on the way. */
function sampleOf({ name, number, wire, list, values }: AwsField, most: bigint): ToldValue {
  if (name === 'service_type') return 'NAT_GATEWAY'
  if (values !== undefined) return values.at(-1)!
  if (wire === 'u64') return quantity(most)
  if (wire === 'bool') return false
  if (wire === 'address') return number % 2 === 0 ? '2001:db8::c000:201' : '192.0.2.255'
  if (wire === 'account id') return '000000000012'
  if (NUMBERS[wire] !== undefined) return NUMBERS[wire]
  if (wire === 'text') return `${number}, a=b "c" é 東`
  const [kind = '', form] = wire.split(' ')
  if (form === 'arn') return `arn:aws:${kind}:eu-1:000000000012:thing/${number}`
  const id = form === 'base36' ? `${kind}z${number}` : `${kind}${String(number).padStart(17, '0')}`
  return list === true ? [`${id}`, `${kind}89abcdef`, `${kind}00000000`] : id
}

/** A value in every field; numbers of 64 bits are all `most`. */
export function wholeValues(most: bigint): ToldValues {
  return Object.fromEntries(FIELDS.map((field) => [field.name, sampleOf(field, most)]))
}

/** What the project tells of it to exporters: of all packets that say it, one record. */
export function toldRecord(values: ToldValues, observer: string): ToldRecord {
  const optionTable = new OptionTable(builtInVendors)
  const packet = new PacketView(new DecodeRules(undefined, optionTable.roles))
  const analyzer = new ToldRecords({ origin: observer.replaceAll('-', '_'), observer, optionTable })
  const parts = new RecordEncoder().split(values)
  if (parts.length < 2) throw new Error('the record should need several packets')
  parts.forEach((options, index) => {
    const frame = encodeFrame({ source: '192.0.2.1', destination: '192.0.2.2', options, control: true })
    decodePacket(new DataView(frame.buffer), 0, frame.byteLength, RAW_IP, packet, frame.byteLength)
    packet.frame = index + 1
    packet.seconds = TIME.seconds
    packet.nanos = TIME.nanos
    analyzer.packet(packet, undefined)
  })
  const records: TelemetryRecord[] = []
  analyzer.finish((record) => records.push(record))
  const [record] = records.filter((one) => one.kind === 'telemetry')
  if (record === undefined) throw new Error('nothing was told')
  return record
}

/** As text, numbers in full: how values are compared that a reader of JSON would round. */
export function written(value: FieldValue | ToldValue): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : typeof part === 'number' ? String(part) : part))
}

/** Numbers of 64 bits: the first one that no double holds, and the largest signed and unsigned ones. */
export const JUST_UNSAFE: bigint = 2n ** 53n + 1n
export const MOST_SIGNED: bigint = 2n ** 63n - 1n
export const MOST: bigint = 2n ** 64n - 1n

/** A name that nothing else on a server has. */
export const RUN: string = `told${process.pid}x${Math.floor(Date.now() / 1000)}`
export const DELIVERED: Outcome = { retry: [], rejected: [] }
export const never: AbortSignal = new AbortController().signal

/** As the program wires an exporter. */
export const wiring = (url: string, environment: Wiring['environment'] = process.env): Wiring => ({
  url: new URL(url),
  environment,
  readFile,
  vendors: builtInVendors,
  flows: false,
  live: false,
})

export const exporterAt = async (wire: Wire, url: string, environment?: Wiring['environment']): Promise<Exporter> =>
  (await wire(wiring(url, environment))) as Exporter

export async function send(exporter: Exporter, record: ToldRecord): Promise<Outcome> {
  const encoded = exporter.encode(record)
  if (isRejected(encoded)) throw new Error(encoded.rejected)
  return exporter.send([encoded], never)
}
