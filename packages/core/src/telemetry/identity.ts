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
