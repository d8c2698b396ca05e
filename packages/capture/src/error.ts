/** The bytes are no capture, whatever they are called. The message says what they look like and what to do. */
export class CaptureFormatError extends Error {
  override readonly name: string = 'CaptureFormatError'
}

/** A capture that cannot be opened or whose bytes stop coming: not there, not allowed, a directory, a failing disk. `cause` is the system's own error. */
export class CaptureAccessError extends Error {
  override readonly name: string = 'CaptureAccessError'
}

/** Says in words what a system's error about a path means, and what helps. */
export function accessError(path: string, cause: unknown): CaptureAccessError {
  return new CaptureAccessError(`cannot read ${path}: ${explanation(cause)}`, { cause })
}

function explanation(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return "there is no such file; check the path, or use '-' to read standard input"
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it; change its permissions, or run as a user who may'
    case 'EISDIR':
      return 'it is a directory; name a capture file in it'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open; close some, or raise the limit (ulimit -n)'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
