import type { Codec } from './codec.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const TO_UTF8 = new TextEncoder()
const NOT_ASCII = 0x80808080

/** The UTF-8 text of `length` bytes, `undefined` where they are none. Most is ASCII, which is put together four at a time. */
export function readText(view: DataView, offset: number, length: number): string | undefined {
  const end = offset + length
  let text = ''
  let at = offset
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at)
    if ((word & NOT_ASCII) !== 0) return readUtf8(view, offset, length)
    text += String.fromCharCode(word >>> 24, (word >> 16) & 0x7f, (word >> 8) & 0x7f, word & 0x7f)
  }
  for (; at < end; at++) {
    const byte = view.getUint8(at)
    if (byte >= 0x80) return readUtf8(view, offset, length)
    text += String.fromCharCode(byte)
  }
  return text
}

function readUtf8(view: DataView, offset: number, length: number): string | undefined {
  try {
    return UTF8.decode(new Uint8Array(view.buffer, view.byteOffset + offset, length))
  } catch {
    return undefined
  }
}

/** How many bytes there are up to the first NUL. */
export function textLength(view: DataView, offset: number, room: number): number {
  if (room === 0) return -1
  let length = 0
  while (length < room && view.getUint8(offset + length) !== 0) length++
  return length
}

/** Writes a text without NUL, as `Codec.put`. */
export function putText(text: string, view: DataView, offset: number, room: number): number {
  const { length } = text
  if (length > room) return utf8Length(text)
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0) return -1
    if (code >= 0x80) return putUtf8(text, view, offset, room)
    view.setUint8(offset + index, code)
  }
  return length === 0 ? -1 : length
}

function putUtf8(text: string, view: DataView, offset: number, room: number): number {
  const length = utf8Length(text)
  if (length > 0 && length <= room) TO_UTF8.encodeInto(text, new Uint8Array(view.buffer, view.byteOffset + offset, room))
  return length
}

function utf8Length(text: string): number {
  return text.isWellFormed() && !text.includes('\0') ? TO_UTF8.encode(text).byteLength : -1
}

/** UTF-8 without NUL. */
export const text: Codec = {
  type: 'text',
  allowed: 'a text of 1 to 124 bytes in UTF-8, without NUL',
  schema: { type: 'string', minLength: 1, maxLength: 124, pattern: '^[^\\u0000]*$' },
  lengthIn: textLength,
  read: (view, offset, length) => (length === 0 ? undefined : readText(view, offset, length)),
  put: (value, view, offset, room) => (typeof value === 'string' ? putText(value, view, offset, room) : -1),
}

/** One of few texts. */
export function choice(values: readonly string[]): Codec {
  return {
    ...text,
    allowed: `one of ${values.join(', ')}`,
    schema: { type: 'string', enum: values },
    read(view, offset, length) {
      const value = readText(view, offset, length)
      return value !== undefined && values.includes(value) ? value : undefined
    },
    put: (value, view, offset, room) => (typeof value === 'string' && values.includes(value) ? putText(value, view, offset, room) : -1),
  }
}

/** The rest of an identifier in lower-case letters and digits behind its prefix, all of it as text. */
export function base36(prefix: string): Codec {
  const form = new RegExp(`^${prefix}[0-9a-z]+$`)
  return {
    ...text,
    allowed: `${prefix} and lower-case letters and digits`,
    schema: { type: 'string', pattern: form.source, maxLength: 124 },
    read(view, offset, length) {
      const value = readText(view, offset, length)
      return value?.startsWith(prefix) && isBase36(value, prefix.length) ? value : undefined
    },
    put: (value, view, offset, room) => (typeof value === 'string' && form.test(value) ? putText(value, view, offset, room) : -1),
  }
}

function isBase36(value: string, from: number): boolean {
  for (let index = from; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code < 0x30 || code > 0x7a || (code > 0x39 && code < 0x61)) return false
  }
  return value.length > from
}
