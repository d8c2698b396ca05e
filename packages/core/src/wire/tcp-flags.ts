const LETTERS = 'FSRPAUEC'

const TEXTS: readonly string[] = Array.from({ length: 256 }, (_, flags) =>
  [...LETTERS].filter((_letter, bit) => (flags >> bit) & 1).join(''),
)

/** The set TCP flags as letters in the order FSRPAUEC, the order of their bits from the lowest: SYN and ACK are `SA`. */
export function tcpFlagsText(flags: number): string {
  return TEXTS[flags & 0xff] ?? ''
}
