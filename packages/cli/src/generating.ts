import { type Command, InvalidArgumentError, Option } from 'commander'
import { whole } from './command.ts'

/** Packets per second. */
export const MOST_RATE: number = 2_000_000
/** A capture's seconds have 32 bits. */
const LATEST_SECONDS = 0xffff_ffff
const YEAR_SECONDS = 31_536_000

/** What the `generate` command was given. */
export interface GenerateCommandOptions {
  readonly seed: number
  readonly packets: number
  /** A path, or - for standard output. */
  readonly out: string
  readonly truth?: string
  /** Rates by name, as they were typed. */
  readonly impair: Readonly<Record<string, number>>
  readonly link: 'ethernet' | 'raw'
  /** Seconds since 1970. */
  readonly start: number
  readonly rate?: number
  readonly duration?: number
}

const EXAMPLES = `
Impairments (--impair, rates from 0 to 1): loss, reorder and duplicate of packets; zero-window and keepalive of TCP connections,
wrap of their ends. Nothing goes wrong without. The truth is one JSON object per line: first the scenario, then flows as
they end, incidents, and the totals; it comes from what was drawn, not from reading the capture.

Examples:
  geneve-telemetry generate --seed 1 --packets 100000 --out network.pcap --truth network.jsonl
  geneve-telemetry generate --seed 2 --packets 1000000 --out - --impair loss=0.01,reorder=0.005 | geneve-telemetry summary
  geneve-telemetry generate --seed 3 --packets 2000000 --duration 86400 --out day.pcap`

/** Gives the command the options of a network that is made up. */
export function generating(command: Command): Command {
  return command
    .addOption(
      new Option('--seed <number>', 'the same seed and options make the same bytes')
        .argParser(whole(0, Number.MAX_SAFE_INTEGER))
        .default(1),
    )
    .addOption(new Option('--packets <number>', 'how many packets there are').argParser(whole(1, Number.MAX_SAFE_INTEGER)).default(100_000))
    .requiredOption('--out <file>', 'the capture, pcap; - for standard output')
    .option('--truth <file>', 'what there is to be found in it, lines of JSON')
    .addOption(
      new Option('--impair <name=rate,...>', 'what goes wrong, and how often (repeatable)').argParser(rates).default({}, 'nothing'),
    )
    .addOption(
      new Option('--link <link>', 'what packets begin with: an Ethernet or an IP header').choices(['ethernet', 'raw']).default('ethernet'),
    )
    .addOption(
      new Option('--start <time>', 'when it begins, ISO 8601; the load follows the time of day')
        .argParser(startSeconds)
        .default(1_735_722_000, '2025-01-01T09:00:00Z'),
    )
    .addOption(
      new Option('--rate <number>', 'packets per second, on average (default: 20000)').argParser(whole(1, MOST_RATE)).conflicts('duration'),
    )
    .addOption(new Option('--duration <seconds>', 'instead: how long it lasts, about').argParser(whole(1, YEAR_SECONDS)))
    .addHelpText('after', EXAMPLES)
}

/** Which names there are, and that rates are not above 1, is the generator's to say. */
function rates(text: string, before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const pairs = text.split(',').map((part) => {
    const [, name, rate] = /^([\w-]+)=(\d*\.?\d+)$/.exec(part) ?? []
    if (name === undefined) throw new InvalidArgumentError(`'${part}' is no impairment with its rate, such as loss=0.01.`)
    return [name, Number(rate)] as const
  })
  return { ...before, ...Object.fromEntries(pairs) }
}

function startSeconds(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)
    ? Date.parse(hasZone(text) ? text : `${text}Z`)
    : Number.NaN
  if (!(milliseconds >= 0 && milliseconds <= LATEST_SECONDS * 1_000))
    throw new InvalidArgumentError('It must be a time from 1970 to 2106-02-07, such as 2025-01-01T09:00:00Z.')
  return milliseconds / 1_000
}

/** A date alone is in UTC anyway; a time without a zone is taken so, on every machine. */
function hasZone(text: string): boolean {
  return !text.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(text)
}
