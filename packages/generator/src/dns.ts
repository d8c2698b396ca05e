export const TYPE_A: number = 1
export const TYPE_AAAA: number = 28
const CLASS_IN = 1
const TIME_TO_LIVE_SECONDS = 60
const RECURSION_DESIRED = 0x0100
const ANSWER = 0x8180
const NO_SUCH_NAME = 3
/** Points to the name in the question, behind the header of 12 bytes. */
const NAME_OF_QUESTION = 0xc00c

/**
 * |  ID 2  |  flags 2  |  questions 2  |  answers 2  |  authorities 2  |  additional 2  |     RFC 1035, 4.1.1
 *
 * The bytes of a question, with id 0.
 */
export function dnsQuery(name: string, type: number): readonly number[] {
  return [...words(0, RECURSION_DESIRED, 1, 0, 0, 0), ...question(name, type)]
}

/** The answer to it, or that there is no such name. */
export function dnsAnswer(name: string, type: number, address: readonly number[] | undefined): readonly number[] {
  if (address === undefined) return [...words(0, ANSWER | NO_SUCH_NAME, 1, 0, 0, 0), ...question(name, type)]
  const record = [...words(NAME_OF_QUESTION, type, CLASS_IN, 0, TIME_TO_LIVE_SECONDS, address.length), ...address]
  return [...words(0, ANSWER, 1, 1, 0, 0), ...question(name, type), ...record]
}

function question(name: string, type: number): readonly number[] {
  const labels = name.split('.').flatMap((label) => [label.length, ...[...label].map((letter) => letter.charCodeAt(0))])
  return [...labels, 0, ...words(type, CLASS_IN)]
}

function words(...values: readonly number[]): readonly number[] {
  return values.flatMap((value) => [value >> 8, value & 0xff])
}
