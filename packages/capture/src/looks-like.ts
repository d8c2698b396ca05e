const DECOMPRESS = '; decompress it first'

/** How other kinds of files begin: the first bytes in hex, what it is, and what to do with it. */
const BEGINNINGS: readonly (readonly [hex: string, what: string])[] = [
  ['1f8b08', `gzip${DECOMPRESS}`],
  ['28b52ffd', `zstd${DECOMPRESS}`],
  ['425a68', `bzip2${DECOMPRESS}`],
  ['fd377a585a00', `xz${DECOMPRESS}`],
  ['04224d18', `lz4${DECOMPRESS}`],
  ['504b0304', 'a zip archive; unpack it first'],
  ['504b0506', 'an empty zip archive'],
  ['377abcaf271c', 'a 7z archive; unpack it first'],
  ['526172211a07', 'a RAR archive; unpack it first'],
  ['736e6f6f7000', 'a snoop file; convert it with editcap -F pcapng'],
  ['52545353', 'a Network Monitor file; convert it with editcap -F pcapng'],
  ['474d4255', 'a Network Monitor file; convert it with editcap -F pcapng'],
  ['5452534e494646', 'a Sniffer file; convert it with editcap -F pcapng'],
  ['1c0001ac', 'an IxVeriWave capture; convert it with editcap -F pcapng'],
  ['1c0001ab', 'an IxVeriWave capture; convert it with editcap -F pcapng'],
  ['7f454c46', 'a program (ELF)'],
  ['4d5a90', 'a program (Windows)'],
  ['89504e47', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['25504446', 'a PDF document'],
  ['2321', 'a script'],
  ['efbbbf', 'a text file'],
  ['fffe', 'a text file (UTF-16)'],
  ['feff', 'a text file (UTF-16)'],
]
const SHOWN_BYTES = 16

/** Says what bytes that are no capture look like, from how they begin. */
export function looksLike(head: Uint8Array): string {
  const hex = Buffer.from(head.subarray(0, SHOWN_BYTES)).toString('hex')
  const known = BEGINNINGS.find(([beginning]) => hex.startsWith(beginning))
  if (known !== undefined) return known[1]
  if (head.every((byte) => byte === 0)) return 'zeros: space that was reserved and never written'
  return textKind(head) ?? `something else: it begins with ${hex.match(/../g)?.join(' ')}`
}

function textKind(head: Uint8Array): string | undefined {
  // A letter of several bytes may be cut at the end, but nowhere else.
  const text = new TextDecoder('utf-8').decode(head).replace(/\ufffd$/, '')
  if (/[^\t\n\v\f\r\x20-\x7e\u00a0-\ufffc]/.test(text)) return undefined
  if (/^\s*[{[]/.test(text)) return 'JSON'
  if (/^\s*</.test(text)) return 'XML or HTML'
  return 'a text file; what tcpdump prints is no capture, write one with its -w option'
}
