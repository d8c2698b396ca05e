import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GenerateOptions } from '@geneve-telemetry/generator'
import { type Comparison, compare } from './comparison.ts'
import { made, measured } from './measured.ts'

/** Generates a network, reads it with and without copies, and holds both against the truth. */
export async function check(options: GenerateOptions): Promise<Readonly<Record<'auto' | 'count', Comparison>>> {
  const folder = mkdtempSync(join(tmpdir(), 'geneve-truth-'))
  try {
    const path = join(folder, 'generated.pcap')
    const truth = made(options, path)
    return {
      auto: compare(truth, await measured(path, 'auto'), 'auto'),
      count: compare(truth, await measured(path, 'count'), 'count'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
