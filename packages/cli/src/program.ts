import { CaptureAccessError, CaptureFormatError } from '@geneve-telemetry/capture'
import { StartError } from '@geneve-telemetry/pipeline'
import { Command, CommanderError, Option } from 'commander'
import { append, followingFlows, formatOption, observing, reading, whole } from './command.ts'
import type { DecodeOptions } from './decode.ts'
import { ALL_WELL, EXIT_CODES, OperatorError, WRONG_USE } from './exit.ts'
import type { FlowsOptions } from './flows.ts'
import { EXPORTER_NAMES } from './load.ts'
import type { RunOptions } from './run.ts'
import type { SummaryOptions } from './summary.ts'
import { VERSION } from './version.ts'

/** The longest interval of metrics: a day. */
const DAY_SECONDS = 86_400

const ABOUT =
  'Reads GENEVE (RFC 8926) traffic from captures: decodes the tunnel, the telemetry that vendors put into its options and the packets inside; ' +
  'sums it up; writes it for OpenTelemetry, Elasticsearch and InfluxDB.'

const EXAMPLES = `
Examples:
  geneve-telemetry summary capture.pcap
  geneve-telemetry decode capture.pcapng.gz --filter port=443 --limit 20
  sudo tcpdump -i any -w - udp port 6081 | geneve-telemetry decode --format ndjson
  geneve-telemetry run capture.pcap --to elasticsearch=file:out --to otlp=file:out

${EXIT_CODES}`

/** Runs the program with its arguments, as they stand behind its name. Resolves with the exit code; writes to standard output and standard error. */
export async function main(args: readonly string[]): Promise<number> {
  let code = ALL_WELL
  const program = programWith((finished) => {
    code = finished
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ALL_WELL : WRONG_USE
    if (!isOperators(error)) throw error
    process.stderr.write(`geneve-telemetry: ${error.message}\n`)
    return WRONG_USE
  }
}

/** Mistakes of whoever typed the command have a message; all else is ours and keeps its stack. */
function isOperators(error: unknown): error is Error {
  return (
    error instanceof OperatorError ||
    error instanceof CaptureAccessError ||
    error instanceof CaptureFormatError ||
    error instanceof StartError
  )
}

function programWith(finish: (code: number) => void): Command {
  const program = new Command('geneve-telemetry')
    .description(ABOUT)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'Explains a command.')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })

  // A command brings its own modules when it is called: who wants one line of help does not wait for all of them.
  reading(program.command('decode'))
    .description('Prints one line per GENEVE packet, and per frame that is too damaged to tell.')
    .addOption(formatOption('table', 'ndjson'))
    .option('-a, --all', 'also the frames that are not GENEVE, with the reason')
    .addOption(new Option('-n, --limit <number>', 'stop after so many lines').argParser(whole(1, Number.MAX_SAFE_INTEGER)))
    .action(async (file: string | undefined, options: DecodeOptions) => finish(await (await import('./decode.ts')).decode(file, options)))

  followingFlows(reading(program.command('summary')))
    .description(
      'Prints what a capture holds: endpoints, VNIs, protocols, options and whose they are, top flows, issues, and where every packet went.',
    )
    .addOption(formatOption('table', 'json'))
    .action(async (file: string | undefined, options: SummaryOptions) =>
      finish(await (await import('./summary.ts')).summary(file, options)),
    )

  observing(followingFlows(reading(program.command('flows'))))
    .description('Prints one line per flow of inner packets. ndjson is the ECS document that goes to Elasticsearch.')
    .addOption(formatOption('table', 'ndjson'))
    .action(async (file: string | undefined, options: FlowsOptions) => finish(await (await import('./flows.ts')).flows(file, options)))

  observing(followingFlows(reading(program.command('run'))))
    .description('Writes a capture’s flows and metrics in the formats of the backends.')
    .addOption(
      new Option('-t, --to <name=file:folder>', `a target (repeatable): ${EXPORTER_NAMES.join(', ')}, or a module of yours`)
        .argParser(append)
        .default([], 'none'),
    )
    .option('--packets', 'also a record per packet, to targets that take them')
    .option('--flows', 'also flows to targets that leave them out by default')
    .addOption(new Option('--interval <seconds>', 'length of a metric’s interval').argParser(whole(1, DAY_SECONDS)).default(60))
    .action(async (file: string | undefined, options: RunOptions) => finish(await (await import('./run.ts')).run(file, options)))

  return program
}

/** `error: unknown option '--x'\n(Did you mean …?)` becomes what the program's own messages look like, with where to look further. */
function oneLine(text: string): string {
  const message = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll('\n', ' ')
  return `geneve-telemetry: ${message}; see geneve-telemetry --help\n`
}
