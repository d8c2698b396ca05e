import { hexText } from '../wire/address.ts'

/** 64 bits at the start of the option's data as 16 lower-case hex digits: exact everywhere, which a number is not. */
export function readHex64(view: DataView, offset: number, end: number): string | undefined {
  return end - offset === 8 ? hexText(view, offset, end) : undefined
}

/** 32 bits as 8 lower-case hex digits. */
export function readHex32(view: DataView, offset: number, end: number): string | undefined {
  return end - offset === 4 ? hexText(view, offset, end) : undefined
}

/** The bytes of `digits` hex digits, lower case only, since that is what the readers give; `undefined` for any other text. */
export function writeHex(text: string, digits: number): Uint8Array | undefined {
  if (text.length !== digits || !/^[0-9a-f]+$/.test(text)) return undefined
  return Uint8Array.from({ length: digits / 2 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16))
}
