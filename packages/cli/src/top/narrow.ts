import { printable } from '../packet-text.ts'

/** A text for a column: nothing in it commands the terminal, and each character is as wide as any other, which beyond ASCII a terminal decides. */
export function narrow(text: string): string {
  return printable(text).replace(/[^ -~]/gu, '?')
}
