import { CaptureAccessError, CaptureFormatError } from '@geneve-telemetry/capture'
import { StartError } from '@geneve-telemetry/pipeline'
import { Command, CommanderError, Option } from 'commander'
import {
  decoding,
  delivering,
  followingFlows,
  formatOption,
  knowingVendors,
  limitOption,
  observing,
  reading,
  receiving,
  recording,
  sampling,
  sending,
} from './command.ts'
import type { DecodeOptions } from './decode.ts'
import { ALL_WELL, EXIT_CODES, OperatorError, WRONG_USE } from './exit.ts'
import type { FieldsOptions } from './fields.ts'
import type { FlowsOptions } from './flows.ts'
import { type GenerateCommandOptions, generating } from './generating.ts'
import type { ListenOptions } from './listen.ts'
import { redacted } from './redacted.ts'
import type { LettersOptions } from './replay.ts'
import type { RunOptions } from './run.ts'
import type { SendOptions } from './send.ts'
import type { SetupOptions } from './setup.ts'
import type { SummaryOptions } from './summary.ts'
import { watching } from './top/watching.ts'
import type { TopOptions } from './top.ts'
import { VERSION } from './version.ts'

const ABOUT =
  'Reads GENEVE (RFC 8926) traffic from captures: decodes the tunnel, the telemetry that vendors put into its options and the packets inside; ' +
  'sums it up; writes it for OpenTelemetry, Elasticsearch and InfluxDB.'

const EXAMPLES = `
Examples:
  geneve-telemetry summary capture.pcap
  geneve-telemetry decode capture.pcapng.gz --filter port=443 --limit 20
  sudo tcpdump -i any -w - udp port 6081 | geneve-telemetry decode --format ndjson
  geneve-telemetry run capture.pcap --to elasticsearch=file:out --to otlp=file:out
  geneve-telemetry run capture.pcap --to elasticsearch=http://localhost:9200
  geneve-telemetry help run

${EXIT_CODES}`

const RUN_EXAMPLES = `
Targets (--to, repeatable; each gets all records):
  otlp=http://localhost:4318             metrics and telemetry records to an OpenTelemetry Collector; with --flows also flows, as log events
  elasticsearch=http://localhost:9200    flows, metrics, telemetry records and, with --packets, packets; opensearch=URL likewise
  influxdb=http://localhost:8086         metrics and telemetry records, with --flows also flows; ?dialect=v1|v2|v3|victoriametrics
  NAME=file:FOLDER                       the same requests in files, no server needed
  ./my-exporter.js[=URL]                 a module of yours: its default export is a Wire

Credentials are taken from the environment: OTEL_EXPORTER_OTLP_HEADERS and its siblings;
ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY; OPENSEARCH_…;
INFLUX_TOKEN, INFLUX_ORG, INFLUX_BUCKET. They are never printed.

Examples:
  geneve-telemetry run capture.pcap --to elasticsearch=http://localhost:9200 --packets
  geneve-telemetry run capture.pcap --loop --time now --interval 10 --to otlp=http://localhost:4318
  sudo tcpdump -i any -w - udp port 6081 | geneve-telemetry run --to 'influxdb=http://localhost:8086?bucket=net'`

const TOP_EXAMPLES = `
Examples:
  sudo tcpdump -i any -w - udp port 6081 | geneve-telemetry top
  geneve-telemetry top --bind 0.0.0.0:6081
  geneve-telemetry top capture.pcap --loop`

const LISTEN_EXAMPLES = `
Examples:
  geneve-telemetry listen --format ndjson
  geneve-telemetry listen --bind '[::]:6081' --to otlp=http://localhost:4318`

const SEND_EXAMPLES = `
The record is this project's profile; geneve-telemetry fields lists what it may say.

Examples:
  echo '{"service_type":"VPC","vpc_id":"vpc-12345678","latency":12}' | geneve-telemetry send --to collector.example
  geneve-telemetry send records.ndjson --to '[2001:db8::7]:6081' --rate 100
  geneve-telemetry send records.ndjson --dry-run`

const SETUP_EXAMPLES = `
Examples:
  geneve-telemetry setup elasticsearch             ELASTICSEARCH_URL, or http://localhost:9200
  geneve-telemetry setup opensearch=https://search.example:9200`

const REPLAY_EXAMPLES = `
Example:
  geneve-telemetry replay dead-letters/*.ndjson --to elasticsearch=http://localhost:9200`

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
    process.stderr.write(`geneve-telemetry: ${redacted(error.message).replaceAll(/\s*\n\s*/g, ' ')}\n`)
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
    .addOption(limitOption())
    .option('--debug', 'also say of each option that is not decoded whose it is, its bytes, and why')
    .option('--analysis', 'also say of each TCP packet what tshark would: retransmissions, round trips, bytes in flight and the like')
    .action(async (file: string | undefined, options: DecodeOptions) => finish(await (await import('./decode.ts')).decode(file, options)))

  followingFlows(reading(program.command('summary')))
    .description(
      'Prints what a capture holds: endpoints, VNIs, protocols, options and whose they are, top flows, issues, and where every packet went.',
    )
    .addOption(formatOption('table', 'json'))
    .action(async (file: string | undefined, options: SummaryOptions) =>
      finish(await (await import('./summary.ts')).summary(file, options)),
    )

  sampling(observing(followingFlows(reading(program.command('flows')))))
    .description(
      'Prints one line per flow of inner packets. ndjson is the ECS document that goes to Elasticsearch; vpc-flow-log has a line per direction, with - for what packets do not tell.',
    )
    .addOption(formatOption('table', 'ndjson', 'csv', 'vpc-flow-log'))
    .option('--fields <format>', "the line of --format vpc-flow-log, for example '${srcaddr} ${dstaddr} ${bytes}'; version 2 if not given")
    .action(async (file: string | undefined, options: FlowsOptions) => finish(await (await import('./flows.ts')).flows(file, options)))

  sampling(recording(delivering(observing(followingFlows(reading(program.command('run')))))))
    .description('Sends a capture’s flows and metrics to backends, or writes them in their formats. Both ledgers are printed at the end.')
    .addOption(
      new Option(
        '--time <time>',
        'now: packets are seen now, not when they were captured; the last one of a file, the first one of a loop or a pipe',
      ).choices(['now']),
    )
    .option('--loop', 'replay the file again and again at its own pace, until Ctrl-C')
    .addHelpText('after', RUN_EXAMPLES)
    .action(async (file: string | undefined, options: RunOptions) => finish(await (await import('./run.ts')).run(file, options)))

  watching(followingFlows(reading(program.command('top'))))
    .description(
      'Shows endpoints, VNIs, flows with their round trips, and what telemetry records tell of, on a terminal: per second, refreshed each second. A file is read at once, and its sums stay until q.',
    )
    .addHelpText('after', TOP_EXAMPLES)
    .action(async (file: string | undefined, options: TopOptions) => finish(await (await import('./top.ts')).top(file, options)))

  sampling(recording(delivering(observing(followingFlows(decoding(receiving(program.command('listen'))))))))
    .description('Receives GENEVE packets at a UDP port and prints them, one a line; with targets it does what run does. Ctrl-C ends it.')
    .addOption(formatOption('table', 'ndjson').conflicts('to'))
    .addOption(limitOption().conflicts('to'))
    .addHelpText('after', LISTEN_EXAMPLES)
    .action(async (options: ListenOptions) => finish(await (await import('./listen.ts')).listen(options)))

  sending(program.command('send'))
    .description(
      'Sends telemetry records, lines of JSON, each in a GENEVE packet of its own: for scripts, sidecars and functions that have something to tell.',
    )
    .addHelpText('after', SEND_EXAMPLES)
    .action(async (file: string | undefined, options: SendOptions) => finish(await (await import('./send.ts')).send(file, options)))

  generating(program.command('generate'))
    .description('Makes up a network of virtual private clouds behind firewalls: a capture of its tunnels, and the truth about it.')
    .action(async (options: GenerateCommandOptions) => finish(await (await import('./generate.ts')).generate(options)))

  knowingVendors(program.command('fields'))
    .description(
      'Lists the fields of telemetry records: numbers, types, units, and their names in backends. markdown is a page of documentation.',
    )
    .argument('[name]', 'only those of this group or service, or with this word in their names')
    .addOption(formatOption('table', 'json', 'markdown'))
    .action(async (name: string | undefined, options: FieldsOptions) => finish(await (await import('./fields.ts')).fields(name, options)))

  knowingVendors(program.command('setup'))
    .description(
      'Puts into a backend what the records need there (index templates, for example), and says what there is now. Twice is as once.',
    )
    .argument('<name=url...>', 'the target; for elasticsearch and opensearch the name is enough')
    .addHelpText('after', SETUP_EXAMPLES)
    .action(async (targets: readonly string[], options: SetupOptions) => finish(await (await import('./setup.ts')).setup(targets, options)))

  delivering(program.command('replay'))
    .description(
      'Sends the dead letters of an earlier run again. The files are left as they are; what fails again is written to a new one.',
    )
    .argument('<file...>', 'files of dead letters')
    .option('--from <name>', 'send the letters of this target of the earlier run, not those of the target’s own name')
    .addHelpText('after', REPLAY_EXAMPLES)
    .action(async (files: readonly string[], options: LettersOptions) => finish(await (await import('./replay.ts')).replay(files, options)))

  return program
}

/** `error: unknown option '--x'\n(Did you mean …?)` becomes what the program's own messages look like, with where to look further. */
function oneLine(text: string): string {
  const message = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replaceAll('\n', ' ')
  return `geneve-telemetry: ${redacted(message)}; see geneve-telemetry --help\n`
}
