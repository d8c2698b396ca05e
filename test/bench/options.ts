import { parseArgs } from 'node:util'
import { PROGRAMS } from './program.ts'
import { ROWS } from './rows.ts'

export const USAGE: string = `bench: how fast, and in how much memory. Exit code 0 whatever it finds: it reports.
  --only NAME,...   only these (repeatable)
    rows, over captures in memory: ${ROWS.map(({ name }) => name).join(', ')}; gopacket
    whole programs: program (${PROGRAMS.map(({ title }) => title).join('; ')}); tshark; memory
    export: records to backends whose variables are set (ELASTICSEARCH_URL, INFLUXDB2_URL, OTLP_HTTP_URL), beside their clients alone
  --packets N       size of the captures, 1000 to 50000000; default 1000000
  --format json     figures for programs; default table
  --help            this`

const PARTS: readonly string[] = [...ROWS.map(({ name }) => name), 'gopacket', 'program', 'tshark', 'memory', 'export']

export interface Options {
  /** Which of the parts are wanted. */
  readonly parts: ReadonlySet<string>
  readonly packets: number
  readonly format: 'table' | 'json'
}

/** 'help' if that is all that is wanted. Throws an error that says what is allowed. */
export function optionsOf(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      packets: { type: 'string', default: '1000000' },
      format: { type: 'string', default: 'table' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const only = values.only.flatMap((names) => names.split(','))
  const unknown = only.find((name) => !PARTS.includes(name))
  if (unknown !== undefined) throw new Error(`--only: there is no '${unknown}'; there are ${PARTS.join(', ')}`)
  const packets = Number(values.packets)
  if (!Number.isInteger(packets) || packets < 1000 || packets > 50_000_000) {
    throw new Error(`--packets: '${values.packets}' is not a whole number from 1000 to 50000000`)
  }
  const { format } = values
  if (format !== 'table' && format !== 'json') throw new Error(`--format: '${format}' is neither table nor json`)
  return { parts: new Set(only.length === 0 ? PARTS : only), packets, format }
}
