import { cpus } from 'node:os'
import { bigCaptures } from './captures.ts'
import { exportSpeeds } from './export.ts'
import type { Figures } from './figures.ts'
import { timeRows } from './in-memory.ts'
import { type Options, optionsOf, USAGE } from './options.ts'
import { recordCapture } from './record-capture.ts'
import { reportOf } from './report.ts'
import { ROWS } from './rows.ts'
import { targetsOf } from './target.ts'
import { memoryOfUnits, runOverFiles } from './whole-program.ts'

const say = (text: string): void => console.error(`bench: ${text}`)

/** Measures all that is wanted. */
async function figuresOf({ parts, packets }: Options): Promise<Figures> {
  const isExportOnly = parts.size === 1 && parts.has('export')
  const captures = isExportOnly ? [] : await bigCaptures(packets, say)
  const files = await runOverFiles(captures, parts, say)
  const memory = parts.has('memory') ? await memoryOfUnits(say) : {}
  const sent = parts.has('export') ? await exportSpeeds(say) : { exports: {}, missing: [] }
  const wantsRecords = ROWS.some(({ name, over }) => over !== undefined && parts.has(name))
  const all = wantsRecords ? [...captures, await recordCapture(packets, say)] : captures
  const inMemory = await timeRows(all, parts, say)
  return {
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cpus: cpus().length,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    },
    captures: Object.fromEntries(all.map(({ letter, title }) => [letter, { title, packets }])),
    rows: inMemory.rows,
    programs: files.programs,
    tshark: files.tshark,
    memory,
    ...sent,
    missing: [...inMemory.missing, ...files.missing, ...sent.missing],
  }
}

function wantedOptions(): Options | 'help' | undefined {
  try {
    return optionsOf(process.argv.slice(2))
  } catch (error) {
    console.error(`bench: ${(error as Error).message}\n\n${USAGE}`)
    return undefined
  }
}

const options = wantedOptions()
if (options === undefined) process.exitCode = 1
else if (options === 'help') console.log(USAGE)
else {
  const figures = await figuresOf(options)
  console.log(options.format === 'json' ? JSON.stringify({ ...figures, targets: targetsOf(figures) }, null, 2) : reportOf(figures))
}
