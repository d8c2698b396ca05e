import type { ValueType } from '../../telemetry/name.ts'
import type { FieldValue } from '../../telemetry/packet.ts'
import { addressText, hexText } from '../../wire/address.ts'
import { addressBytes, hardwareBytes } from '../../wire/address-bytes.ts'
import { writeHex } from '../readers.ts'
import { shortestDecimal } from '../shortest-decimal.ts'

/** A value of whole bytes. */
export interface ByteType {
  readonly valueType: ValueType
  /** How many bytes it has; absent: as many as its place. */
  readonly bytes?: number
  /** Whether zeros may stand behind it. */
  readonly isPadded?: true
  /** The value of the bytes [start, end), of `bytes` bytes where it says so. */
  read(view: DataView, start: number, end: number): FieldValue | undefined
  /** Its bytes without zeros behind them; `undefined` for what is no such value. */
  write(value: unknown): Uint8Array | undefined
}

/** Bytes that are no UTF-8 make an exception, and a byte order mark is text like any other. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const BYTE_TYPE_NAMES = ['float32', 'float64', 'hex', 'text', 'ipv4', 'ipv6', 'address', 'mac'] as const
export type ByteTypeName = (typeof BYTE_TYPE_NAMES)[number]

export const BYTE_TYPES: Readonly<Record<ByteTypeName, ByteType>> = {
  /** Big-endian, IEEE 754. The shortest decimal that is this value: 0.1 is 0.1. NaN and infinities are no values. */
  float32: {
    valueType: 'float',
    bytes: 4,
    read: (view, start) => finite(shortestDecimal(view.getFloat32(start))),
    write: (value) => float(value, 4, (view, number) => view.setFloat32(0, number)),
  },
  float64: {
    valueType: 'float',
    bytes: 8,
    read: (view, start) => finite(view.getFloat64(start)),
    write: (value) => float(value, 8, (view, number) => view.setFloat64(0, number)),
  },
  /** Two lower-case digits a byte. */
  hex: {
    valueType: 'text',
    read: (view, start, end) => (end > start ? hexText(view, start, end) : undefined),
    write: (value) => (typeof value === 'string' && value !== '' ? writeHex(value, value.length) : undefined),
  },
  /** UTF-8 without NUL; zeros behind it are no part of it. */
  text: {
    valueType: 'text',
    isPadded: true,
    read: readText,
    write: (value) => (typeof value === 'string' && isText(value) ? new TextEncoder().encode(value) : undefined),
  },
  ipv4: { valueType: 'address', bytes: 4, read: readAddress, write: (value) => address(value, 4) },
  ipv6: { valueType: 'address', bytes: 16, read: readAddress, write: (value) => address(value, 16) },
  /** Of IPv4 in 4 bytes, of IPv6 in 16. */
  address: { valueType: 'address', read: readAddress, write: (value) => address(value, 4) ?? address(value, 16) },
  mac: {
    valueType: 'text',
    bytes: 6,
    read: (view, start, end) => hexText(view, start, end).replace(/..(?=.)/g, '$&:'),
    write: (value) => (typeof value === 'string' ? hardwareBytes(value) : undefined),
  },
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

function float(value: unknown, bytes: number, set: (view: DataView, value: number) => void): Uint8Array | undefined {
  if (typeof value !== 'number' || !Number.isFinite(bytes === 4 ? Math.fround(value) : value)) return undefined
  const view = new DataView(new ArrayBuffer(bytes))
  set(view, value)
  return new Uint8Array(view.buffer)
}

function readText(view: DataView, start: number, end: number): string | undefined {
  let last = end
  while (last > start && view.getUint8(last - 1) === 0) last--
  try {
    const text = UTF8.decode(new Uint8Array(view.buffer, view.byteOffset + start, last - start))
    return isText(text) ? text : undefined
  } catch {
    return undefined
  }
}

function isText(text: string): boolean {
  return text !== '' && !text.includes('\0') && text.isWellFormed()
}

function readAddress(view: DataView, start: number, end: number): string | undefined {
  const version = { 4: 4, 16: 6 }[end - start]
  return version === undefined ? undefined : addressText(view, start, version)
}

function address(value: unknown, bytes: number): Uint8Array | undefined {
  const found = typeof value === 'string' ? addressBytes(value) : undefined
  return found?.byteLength === bytes ? found : undefined
}
