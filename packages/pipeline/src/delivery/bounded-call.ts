/** How long a call may go on after its signal: as long as the contract's `soon`. */
const SOON_MS = 2_000

export interface Ended<T> {
  readonly value: T
  /** Why its signal came, if it did. */
  readonly stopped: string | undefined
}

/**
 * Makes a call that gets a signal after `timeoutMs`, or when `cut` aborts, and is not waited for any longer soon after that. Rejects as the call does,
 * but with why the signal came if it did.
 */
export async function callWithin<T>(
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<T> | T,
  cut?: AbortSignal,
): Promise<Ended<T>> {
  const stop = new AbortController()
  const late = Promise.withResolvers<never>()
  let stopped: string | undefined
  let graceTimer: ReturnType<typeof setTimeout> | undefined
  const end = (reason: string): void => {
    if (stopped !== undefined) return
    stopped = reason
    stop.abort(new Error(reason))
    graceTimer = setTimeout(() => late.reject(stop.signal.reason), SOON_MS)
  }
  const onCut = (): void => end('it was cut short')
  const timer = setTimeout(() => end(`no answer within ${timeoutMs} ms`), timeoutMs)
  cut?.addEventListener('abort', onCut)
  if (cut?.aborted) onCut()
  try {
    const value = await Promise.race([call(stop.signal), late.promise])
    return { value, stopped }
  } catch (error) {
    throw stopped === undefined ? error : stop.signal.reason
  } finally {
    clearTimeout(timer)
    clearTimeout(graceTimer)
    cut?.removeEventListener('abort', onCut)
  }
}
