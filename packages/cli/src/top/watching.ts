import { type Command, Option } from 'commander'
import { whole } from '../command.ts'
import { hostPort } from '../host-port.ts'

/** Options of the command that shows what comes. */
export function watching(command: Command): Command {
  return command
    .option('--loop', 'replay the file again and again at its own pace')
    .addOption(
      new Option('--bind <host:port>', 'receive GENEVE packets at a UDP port of this machine, and read no file').argParser(hostPort(0)),
    )
    .addOption(
      new Option('--receive-buffer <bytes>', 'with --bind: what the kernel keeps until it is read')
        .argParser(whole(1, 2 ** 31 - 1))
        .default(4_194_304),
    )
}
