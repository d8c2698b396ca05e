import type { Colors } from './colors.ts'
import type { Output } from './output.ts'
import { Table } from './table.ts'

/** Where datagrams go. */
export interface DatagramReceiver {
  /** Resolves when it has been taken. `line` is where it comes from. */
  send(datagram: Uint8Array, line: number): Promise<void>
  close(): Promise<void>
  /** What the other side says against it. */
  readonly complaint: string | undefined
}

/** Shows the datagrams instead of sending them. */
export class DryRun implements DatagramReceiver {
  readonly complaint: undefined = undefined
  readonly #output: Output
  readonly #table = new Table([{ title: 'LINE', align: 'right' }, { title: 'BYTES', align: 'right' }, { title: 'DATAGRAM' }])

  constructor(output: Output, { dim }: Colors) {
    this.#output = output
    output.write(this.#table.head(dim))
  }

  async send(datagram: Uint8Array, line: number): Promise<void> {
    this.#output.write(this.#table.line([String(line), String(datagram.byteLength), Buffer.from(datagram).toString('hex')]))
    await this.#output.settle()
  }

  async close(): Promise<void> {}
}
