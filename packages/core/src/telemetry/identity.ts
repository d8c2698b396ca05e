/**
 * Ids are deterministic within their origin: a file's digest, or a run id drawn when a live source starts. The same file twice is the same records,
 * two live runs never are.
 */
export function packetId(origin: string, frame: number): string {
  return `${origin}-${frame}`
}

/** A flow is named by its origin and the frame of its first packet, its record also by its part. */
export function flowId(origin: string, frame: number): string {
  return `${origin}-f${frame}`
}

/**
 * The origin that a record's id begins with: all before its first hyphen, so an origin has none itself. An id without one is its own origin. Backends that
 * know a point by its labels and its time alone take the origin for a label: without it, two captures of the same minute would be one.
 */
export function originOf(id: string): string {
  const end = id.indexOf('-')
  return end < 0 ? id : id.slice(0, end)
}
