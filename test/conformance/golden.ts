import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A protocol header as tshark names it, and the how-manieth of its kind it is in the packet: the field values are counted so. */
interface Layer {
  readonly name: string
  readonly nth: number
}

/** What tshark says about the frames of one capture. */
export interface GoldenFile {
  readonly columns: readonly string[]
  /** Whether there is a row for each frame, not just for those that tshark decodes as GENEVE. */
  readonly allFrames: boolean
  /** By frame number. */
  readonly rows: ReadonlyMap<number, GoldenRow>
}

/**
 * Rows of files without `frame.protocols` whose TCP fields are those of a header quoted in an ICMP error (case 20 of make-tcp-captures.py):
 * not the packet's own, so for it they are empty.
 */
const QUOTES: ReadonlySet<string> = new Set([1, 2, 7, 11, 13].map((frame) => `tcp-20-icmp-quote.pcap:${frame}`))

const isIp = ({ name }: Layer): boolean => name === 'ip' || name === 'ipv6'

/** One line of a golden file: one frame. A column that has no value in it, or is not in the file at all, reads as ''. */
export class GoldenRow {
  /** The headers in front of the GENEVE header (all, where there is none) and behind it. What an ICMP error quotes is not among them: it is another packet. */
  readonly outer: readonly Layer[]
  readonly inner: readonly Layer[]
  readonly isGeneve: boolean
  readonly isQuote: boolean
  readonly #values: ReadonlyMap<string, string>
  readonly #aggregator: string

  constructor(values: ReadonlyMap<string, string>, aggregator: string, isQuote: boolean) {
    this.#values = values
    this.#aggregator = aggregator
    this.isQuote = isQuote
    const layers = layersOf(values.get('frame.protocols') ?? '')
    const geneve = layers.findIndex(({ name }) => name === 'geneve')
    this.isGeneve = geneve >= 0
    this.outer = this.isGeneve ? layers.slice(0, geneve) : layers
    this.inner = this.isGeneve ? layers.slice(geneve + 1) : []
  }

  text(column: string): string {
    return this.#values.get(column) ?? ''
  }

  /** All occurrences of a field, in packet order. */
  list(column: string): readonly string[] {
    const text = this.text(column)
    return text === '' ? [] : text.split(this.#aggregator)
  }

  /** A field's values in those of the layers that have it. */
  of(layers: readonly (Layer | undefined)[], column: string): string {
    const values = this.list(column)
    const protocol = column.slice(0, column.indexOf('.'))
    return layers.flatMap((layer) => (layer?.name === protocol ? (values[layer.nth] ?? []) : [])).join()
  }

  get outerIp(): Layer | undefined {
    return this.outer.find(isIp)
  }

  get innermostIp(): Layer | undefined {
    return this.inner.findLast(isIp)
  }

  /** The outer IP header, the first in the tunnel and the innermost, without repetition. */
  get ends(): readonly (Layer | undefined)[] {
    return [...new Set([this.outerIp, this.inner.find(isIp), this.innermostIp])]
  }

  get outerUdp(): Layer | undefined {
    return this.outer.find(({ name }) => name === 'udp')
  }

  /** The innermost packet's transport header, if it is of this protocol. */
  transport(protocol: string): Layer | undefined {
    return this.inner.slice(this.inner.findLastIndex(isIp) + 1).find(({ name }) => name === protocol)
  }
}

function layersOf(protocols: string): readonly Layer[] {
  const counts = new Map<string, number>()
  const layers = protocols.split(':').map((name) => {
    const nth = counts.get(name) ?? 0
    counts.set(name, nth + 1)
    return { name, nth }
  })
  const icmp = layers.findIndex(({ name }) => name === 'icmp' || name === 'icmpv6')
  return icmp < 0 ? layers : layers.slice(0, icmp + 1)
}

/** Reads the golden file of the capture `name` in `folder`; throws if it has none. */
export function readGolden(folder: string, name: string): GoldenFile {
  const base = name.replace(/\.pcap(ng)?$/, '')
  // Where golden files are, and what stands in them between several values of one field.
  const places = [
    { path: join(folder, `${name}.tsv`), aggregator: '|', allFrames: true },
    { path: join(folder, `${base}.tsv`), aggregator: ',', allFrames: true },
    { path: join(folder, 'golden', `${base}.tsv`), aggregator: ',', allFrames: false },
  ]
  const found = places.find(({ path }) => existsSync(path))
  if (found === undefined) throw new Error(`${name} has no golden file in ${folder}`)
  const [header = '', ...lines] = readFileSync(found.path, 'utf8').trimEnd().split('\n')
  const columns = header.split('\t')
  const rows = new Map<number, GoldenRow>()
  for (const line of lines) {
    const cells = line.split('\t')
    const values = new Map(columns.map((column, index) => [column, cells[index] ?? '']))
    const frame = Number(values.get('frame.number'))
    rows.set(frame, new GoldenRow(values, found.aggregator, QUOTES.has(`${name}:${frame}`)))
  }
  return { columns, allFrames: found.allFrames, rows }
}
