import type { Progress } from '@geneve-telemetry/pipeline'
import { count, counted, duration } from './figures.ts'

const EVERY_MS = 200
/** Before this an estimate is a guess. */
const ESTIMATE_AFTER_MS = 1_000
const CLEAR_LINE = '\r\u001b[K'

/** One line on a terminal that says how far a long reading is. Nothing at all where standard error is no terminal. */
export class ProgressLine {
  readonly #start = performance.now()
  readonly #isShown: boolean
  #next = EVERY_MS
  #isThere = false

  /** `isShown`: whether there is a terminal, and nothing else writes to it. */
  constructor(isShown: boolean) {
    this.#isShown = isShown
  }

  show(progress: Progress): void {
    if (!this.#isShown) return
    const elapsedMs = performance.now() - this.#start
    if (elapsedMs < this.#next) return
    this.#next = elapsedMs + EVERY_MS
    this.#isThere = true
    process.stderr.write(`${CLEAR_LINE}${progressText(progress, elapsedMs)}`)
  }

  clear(): void {
    if (this.#isThere) process.stderr.write(CLEAR_LINE)
    this.#isThere = false
  }
}

/** `1,234,567 packets  1,200,000 packets/s  45 %  12 s left`; the last two only where the end is known. */
export function progressText({ packets, bytes, bytesTotal }: Progress, elapsedMs: number): string {
  const parts = [counted(packets, 'packet'), `${count(Math.round((packets * 1000) / Math.max(elapsedMs, 1)))} packets/s`]
  if (bytesTotal !== undefined && bytesTotal > 0) {
    const share = Math.min(bytes / bytesTotal, 1)
    parts.push(`${Math.floor(share * 100)} %`)
    if (elapsedMs >= ESTIMATE_AFTER_MS && share > 0) parts.push(`${duration((elapsedMs * (1 - share)) / share / 1000)} left`)
  }
  return parts.join('  ')
}
