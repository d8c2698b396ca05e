import { hostname } from 'node:os'
import { DUPLICATES } from '@geneve-telemetry/analytics'
import { LINK_TYPES } from '@geneve-telemetry/core/wire'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { hostPort } from './host-port.ts'
import { EXPORTER_NAMES } from './load.ts'

/** The longest time that can be asked for: a day. */
export const DAY_SECONDS = 86_400

const FILTER =
  'only packets with one of the values (repeatable: of each key); keys are vni, endpoint, host (address or CIDR; outer, first inner or innermost), ' +
  'port (inner), protocol, vendor (of any option), issue'

const ACCOUNT = 'only packets of these accounts, by what their telemetry records say, 12 digits each; except=…: all but theirs (repeatable)'

/** Gives a command the argument and the options of all that read a capture. */
export function reading(command: Command): Command {
  return decoding(command)
    .argument('[file]', 'a capture: pcap or pcapng, plain, gzip or zstd; - or none: standard input')
    .addOption(new Option('--port <number>', 'a UDP port that carries GENEVE (repeatable)').argParser(appendPort).default([], '6081'))
    .addOption(new Option('--link-type <number>', 'decode frames as this LINKTYPE_, whatever the capture says').argParser(linkType))
}

/** Options of the commands that decode packets. */
export function decoding(command: Command): Command {
  return knowingVendors(command)
    .addOption(new Option('-f, --filter <key=value,...>', FILTER).argParser(append).default([], 'all packets'))
    .addOption(new Option('--account <account,...>', ACCOUNT).argParser(append).default([], 'all'))
    .addOption(
      new Option('--record-class <class>', 'option class of the telemetry record').argParser(optionClass).default(0x0105, '0x0105'),
    )
}

/** Options of the commands that know vendors. */
export function knowingVendors(command: Command): Command {
  return command
    .addOption(
      new Option('--vendor <module>', 'also decode the options of this module’s vendor (repeatable)').argParser(append).default([], 'none'),
    )
    .addOption(
      new Option('--vendor-table <file>', 'also decode the options in this YAML table (repeatable)').argParser(append).default([], 'none'),
    )
}

/** Options of the commands that make records of packets: of which, and how many may wait. */
export function recording(command: Command): Command {
  return command
    .option('--packets', 'also a record per packet, to targets that take them')
    .option('--flows', 'also flows to targets that leave them out by default')
    .addOption(new Option('--interval <seconds>', 'length of a metric’s interval').argParser(whole(1, DAY_SECONDS)).default(60))
    .addOption(
      new Option('--queue-bytes <number>', 'what may wait for a target, in bytes of encoded records')
        .argParser(whole(1, 2 ** 31 - 1))
        .default(16_777_216),
    )
}

/** Where the lines of a command end. */
export function limitOption(): Option {
  return new Option('-n, --limit <number>', 'stop after so many lines').argParser(whole(1, Number.MAX_SAFE_INTEGER))
}

/** A UDP port of this machine to receive at. */
export function receiving(command: Command): Command {
  return command
    .addOption(
      new Option('--bind <host:port>', 'an address of this machine; [::]:6081 for all of IPv4 and IPv6')
        .argParser(hostPort(0))
        .default({ host: '0.0.0.0', port: 6081 }, '0.0.0.0:6081'),
    )
    .addOption(
      new Option('--receive-buffer <bytes>', 'what the kernel keeps until it is read; its own limit may be lower')
        .argParser(whole(1, 2 ** 31 - 1))
        .default(4_194_304),
    )
}

/** Options of the commands that follow flows: see `FlowOptions`. */
export function followingFlows(command: Command): Command {
  const seconds = (name: string, description: string, value: number): Option =>
    new Option(`--${name} <seconds>`, description).argParser(whole(1, DAY_SECONDS)).default(value)
  return command
    .addOption(
      new Option('--max-flows <number>', 'open flows at a time; the one unused for longest makes room')
        .argParser(whole(1, 2 ** 24))
        .default(262_144),
    )
    .addOption(
      new Option(
        '--duplicates <what>',
        'packets seen twice, by the tap or on their way back from an appliance: auto counts what came back beside the flow’s packets, drop does not, count takes each for a packet',
      )
        .choices(DUPLICATES)
        .default('auto'),
    )
    .addOption(seconds('active-timeout', 'after which a flow that goes on is cut into parts', 60))
    .addOption(seconds('tcp-idle-timeout', 'without a packet, after which a TCP flow ends', 350))
    .addOption(seconds('idle-timeout', 'without a packet, after which another flow ends', 120))
}

/** A sample of the flows instead of all. */
export function sampling(command: Command): Command {
  return command.addOption(
    new Option(
      '--sample <1/N>',
      'follow one flow in N, the same ones each time; packets, bytes and flows of metrics are estimates then',
    ).argParser(oneIn),
  )
}

function oneIn(text: string): number | undefined {
  const [, many = ''] = /^1\/(\d{1,7})$/.exec(text) ?? []
  const value = Number(many)
  if (value < 1 || value > 2 ** 20) throw new InvalidArgumentError('It must be 1/N, N a whole number from 1 to 1048576.')
  return value === 1 ? undefined : value
}

/** Who saw the packets, as records say it. */
export function observing(command: Command): Command {
  return command.option('--observer <name>', 'who saw the packets, as the records say it', hostname())
}

/** Options of the commands that send records. */
export function delivering(command: Command): Command {
  return command
    .addOption(
      new Option('-t, --to <name=url>', `a target: ${EXPORTER_NAMES.join(', ')}, or a module of yours; NAME=URL or NAME=file:FOLDER`)
        .argParser(append)
        .default([], 'none'),
    )
    .option('--dead-letters <folder>', 'where records go that could not be delivered; made when there is one', 'dead-letters')
    .addOption(new Option('--retry-for <seconds>', 'how long a record is tried').argParser(whole(0, DAY_SECONDS)).default(300))
    .addOption(new Option('--drain <seconds>', 'how long the end waits for targets').argParser(whole(0, DAY_SECONDS)).default(30))
}

/** What the command that sends packets is told. */
export function sending(command: Command): Command {
  return command
    .argument('[file]', 'lines of JSON, each a telemetry record; - or none: standard input, each line sent as it comes')
    .addOption(new Option('-t, --to <host:port>', 'where the packets go (default port: 6081)').argParser(hostPort(1)))
    .addOption(new Option('--rate <number>', 'packets a second at most').argParser(whole(1, 1_000_000)).default(1_000))
    .addOption(new Option('--vni <number>', 'their VNI').argParser(whole(0, 2 ** 24 - 1)).default(0))
    .addOption(new Option('--record-class <number>', 'the option class that records have').argParser(optionClass).default(0x0105, '0x0105'))
    .option('--skip-invalid', 'go on behind a line that is no record')
    .option('--dry-run', 'show the packets, in hex, and send nothing')
}

export function formatOption(...formats: readonly string[]): Option {
  return new Option('--format <format>', 'how it is written').choices(formats).default(formats[0])
}

/** Parses a whole number within bounds. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
    return value
  }
}

/** An option class, as RFC 8926's registry writes it or in decimal. */
function optionClass(text: string): number {
  const value = /^(?:0x[0-9a-f]{1,4}|\d{1,5})$/i.test(text) ? Number(text) : Number.NaN
  if (!(value <= 0xffff)) throw new InvalidArgumentError('It must be a class from 0x0000 to 0xffff.')
  return value
}

function linkType(text: string): number {
  if (!LINK_TYPES.some((known) => String(known) === text)) throw new InvalidArgumentError(`Decoded are ${LINK_TYPES.join(', ')}.`)
  return Number(text)
}

export function append(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

function appendPort(text: string, before: readonly number[]): readonly number[] {
  return [...before, whole(1, 65535)(text)]
}
