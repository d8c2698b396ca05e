import { OptionTable, vendorsWithRecordClass } from '@geneve-telemetry/core/vendors'
import { colorsFor } from './colors.ts'
import { type DatagramReceiver, DryRun } from './dry-run.ts'
import { ALL_WELL, about, INPUT_DAMAGED, messageOf, OperatorError, UNDELIVERED } from './exit.ts'
import { counted } from './figures.ts'
import { type HostPort, hostPortText } from './host-port.ts'
import { type InputLine, inputLines } from './input-lines.ts'
import { Interruption } from './interruption.ts'
import { Output } from './output.ts'
import { Pace } from './pace.ts'
import { RecordLines } from './record-lines.ts'
import { redacted } from './redacted.ts'
import { UdpSender } from './udp-sender.ts'

export interface SendOptions {
  /** Not needed for a dry run. */
  readonly to?: HostPort
  /** Packets a second. */
  readonly rate: number
  readonly vni: number
  readonly recordClass: number
  readonly skipInvalid?: true
  readonly dryRun?: true
}

/** Sends each line of JSON as a telemetry record, in a GENEVE packet of its own or in several. Returns the exit code. */
export async function send(file: string | undefined, options: SendOptions): Promise<number> {
  // What no receiver could take for a record is not sent.
  about('--record-class', () => new OptionTable(vendorsWithRecordClass(options.recordClass)))
  const interruption = new Interruption()
  return interruption.during(async () => {
    const output = new Output()
    const signal = AbortSignal.any([interruption.signal, output.broken])
    const receiver = options.dryRun ? new DryRun(output, colorsFor(process.stdout)) : await UdpSender.to(placeOf(options))
    const sending = new Sending(receiver, options, signal)
    try {
      for await (const line of inputLines(file, signal)) if (!(await sending.take(line))) break
    } finally {
      await receiver.close()
    }
    output.write(sending.summary)
    await output.flush()
    return interruption.code ?? sending.finish()
  })
}

/** What has become of the lines so far. */
class Sending {
  readonly #receiver: DatagramReceiver
  readonly #options: SendOptions
  readonly #signal: AbortSignal
  readonly #records: RecordLines
  readonly #pace: Pace
  #recordCount = 0
  #packetCount = 0
  #byteCount = 0
  #invalidCount = 0
  #failure: string | undefined

  constructor(receiver: DatagramReceiver, options: SendOptions, signal: AbortSignal) {
    this.#receiver = receiver
    this.#options = options
    this.#signal = signal
    this.#records = new RecordLines(options.recordClass, options.vni)
    this.#pace = new Pace(options.dryRun ? Infinity : options.rate)
  }

  /** What was sent, in one line. */
  get summary(): string {
    const what = `${counted(this.#recordCount, 'record')} in ${counted(this.#packetCount, 'packet')}, ${counted(this.#byteCount, 'byte')}`
    return this.#options.dryRun ? `${what}: not sent\n` : `${what}: sent to ${hostPortText(placeOf(this.#options))}\n`
  }

  /** Sends a line's packets. Returns whether there is to be another one. */
  async take(line: InputLine): Promise<boolean> {
    if (line.text.trim() === '') return true
    const packets = this.#packetsOf(line)
    if (packets === undefined) return this.#options.skipInvalid === true
    try {
      for (const packet of packets) {
        await this.#pace.turn(this.#signal)
        await this.#receiver.send(packet, line.number)
        this.#packetCount++
        this.#byteCount += packet.byteLength
      }
      this.#recordCount++
      return true
    } catch (error) {
      if (!this.#signal.aborted) this.#failure = messageOf(error)
      return false
    }
  }

  /** Says on standard error what was not as it should be, and gives the exit code. */
  finish(): number {
    const problem = this.#failure ?? this.#receiver.complaint
    if (problem !== undefined) {
      say(`--to ${hostPortText(placeOf(this.#options))}: ${problem}`)
      return UNDELIVERED
    }
    return this.#invalidCount > 0 ? INPUT_DAMAGED : ALL_WELL
  }

  #packetsOf({ number, text }: InputLine): readonly Uint8Array[] | undefined {
    try {
      return this.#records.packets(text)
    } catch (error) {
      this.#invalidCount++
      const before = this.#options.dryRun ? 'nothing after it was read' : 'what comes before it was sent, nothing after it'
      const after = this.#options.skipInvalid ? '' : `; ${before} (see --skip-invalid)`
      say(`line ${number}: ${messageOf(error)}${after}`)
      return undefined
    }
  }
}

/** Throws OperatorError where nobody said it. */
function placeOf({ to }: SendOptions): HostPort {
  if (to === undefined) throw new OperatorError('--to: where do the packets go? Write --to HOST or --to HOST:PORT, or --dry-run')
  return to
}

function say(text: string): void {
  process.stderr.write(`geneve-telemetry: ${redacted(text).replaceAll(/\s*\n\s*/g, ' ')}\n`)
}
