import { hostname } from 'node:os'
import { LINK_TYPES } from '@geneve-telemetry/core/wire'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { EXPORTER_NAMES } from './load.ts'

/** The longest time that can be asked for: a day. */
export const DAY_SECONDS = 86_400

const FILTER =
  'only packets with one of the values (repeatable: of each key); keys are vni, endpoint, host (address or CIDR; outer, first inner or innermost), ' +
  'port (inner), protocol, vendor (of any option), issue'

/** Gives a command the argument and the options that all of them have. */
export function reading(command: Command): Command {
  return command
    .argument('[file]', 'a capture: pcap or pcapng, plain, gzip or zstd; - or none: standard input')
    .addOption(new Option('-f, --filter <key=value,...>', FILTER).argParser(append).default([], 'all packets'))
    .addOption(new Option('--port <number>', 'a UDP port that carries GENEVE (repeatable)').argParser(appendPort).default([], '6081'))
    .addOption(new Option('--link-type <number>', 'decode frames as this LINKTYPE_, whatever the capture says').argParser(linkType))
    .addOption(
      new Option('--vendor <module>', 'also decode the options of this module’s vendor (repeatable)').argParser(append).default([], 'none'),
    )
}

/** Options of the commands that follow flows. */
export function followingFlows(command: Command): Command {
  return command.addOption(
    new Option('--max-flows <number>', 'open flows at a time; the one unused for longest makes room')
      .argParser(whole(1, 2 ** 24))
      .default(262_144),
  )
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
