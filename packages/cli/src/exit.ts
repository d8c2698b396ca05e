/** What the program's exit codes mean; of several that apply, the largest. */
export const ALL_WELL: number = 0
export const WRONG_USE: number = 1
export const INPUT_DAMAGED: number = 2
export const UNDELIVERED: number = 3

export const EXIT_CODES: string = `Exit codes:
  0    all well, also when the reader of the output went away (| head)
  1    wrong use: an option, a file that is not there or is no capture, a folder
       that cannot be written, a target that does not answer or does not let in
       at the start; nothing was processed
  2    the capture is damaged, or a line that was to be sent is no record; what
       comes before was processed
  3    something was not delivered: a record that a target did not take or that
       was given up, a full disk
  130  ended by Ctrl-C: what had been read was finished (a second one ends at once)
  143  the same by SIGTERM`

/** Says to whoever typed the command what is wrong with it and what to do; shown as one line. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError'
}

/** Runs what fails with a message for the operator, and says which option it is about. */
export function about<T>(option: string, build: () => T): T {
  try {
    return build()
  } catch (error) {
    throw new OperatorError(`${option}: ${messageOf(error)}`)
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
