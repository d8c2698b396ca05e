import { readFileSync, writeSync } from 'node:fs'

/** Imported before a program's own modules, it writes what the program used to this file descriptor when it ends. */
const DESCRIPTOR = 3

/**
 * In bytes. Linux counts to a process's `maxRSS` what the program before it in the same process had, that is, the one that started it; the high-water mark of
 * its own memory is only in /proc.
 */
function peakBytes(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024
}

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeSync(DESCRIPTOR, JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakBytes: peakBytes() }))
})
