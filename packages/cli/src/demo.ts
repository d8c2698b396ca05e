import { mkdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { colorsFor } from './colors.ts'
import { bytes, counted } from './figures.ts'
import { main } from './program.ts'
import { Table } from './table.ts'

// `demo [FOLDER]`: what the program does, on a capture that comes with the repository and on a network that is made up.

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CAPTURE = relative(process.cwd(), join(ROOT, 'examples/captures/gwlb.pcap'))
const FOLDER = process.argv[2] ?? relative(process.cwd(), join(ROOT, 'demo-out'))
const NETWORK = join(FOLDER, 'network.pcap')

const { bold, cyan, dim } = colorsFor(process.stdout)

/** A file that the last step writes, and how its records are counted. */
interface Written {
  readonly file: string
  readonly unit: string
  readonly linesPerRecord: number
  /** How the backend takes it. */
  readonly take: string
}

const WRITTEN: readonly Written[] = [
  {
    file: 'metrics.jsonl',
    unit: 'request',
    linesPerRecord: 1,
    take: 'OpenTelemetry Collector: its otlpjsonfile receiver, or one POST per line to :4318/v1/metrics',
  },
  {
    file: 'logs.jsonl',
    unit: 'request',
    linesPerRecord: 1,
    take: 'OpenTelemetry Collector, likewise: what telemetry records say, as log events; POST to :4318/v1/logs',
  },
  {
    file: 'bulk.ndjson',
    unit: 'document',
    linesPerRecord: 2,
    take: "Elasticsearch: curl -H 'Content-Type: application/x-ndjson' --data-binary @FILE localhost:9200/_bulk",
  },
  { file: 'points.lp', unit: 'point', linesPerRecord: 1, take: 'InfluxDB 2: influx write --bucket geneve --file FILE' },
]

say(`${bold('geneve-telemetry')} on ${CAPTURE}: pings, UDP and one download over HTTP, in GENEVE tunnels as an`)
say('AWS Gateway Load Balancer sends them to an appliance, with its endpoint and flow cookie in options.\n')

await step('1  Decode: tunnel, inner packet, and what the options say', ['decode', CAPTURE, '--limit', '4'])
await step('2  Sum up: who, what, how much, and where every packet went', ['summary', CAPTURE])

say('The same for a network that is made up, with a firewall behind eight load balancer endpoints and with telemetry records,')
say('which are this project’s profile and nothing that AWS sends.\n')
mkdirSync(FOLDER, { recursive: true })
await step('3  Make it up, always the same', ['generate', '--seed', '1', '--packets', '20000', '--out', NETWORK])
await step('4  Sum it up: endpoints, what was told, and what came back from the firewall', ['summary', NETWORK])
const targets = ['otlp', 'elasticsearch', 'influxdb'].flatMap((name) => ['--to', `${name}=file:${FOLDER}`])
await step('5  Write flows, metrics and told records as the backends take them', ['run', NETWORK, ...targets])

say(bold('6  What is there now, and how each backend takes it'))
const files = new Table([{ title: 'FILE' }, { title: 'SIZE', align: 'right' }, { title: 'RECORDS' }, { title: 'TAKEN BY' }])
say(files.all(WRITTEN.map(row), dim))

say(bold('Next: your own traffic'))
say(`  npx -y pnpm@12 --silent cli summary ${cyan('YOUR.pcap')}`)
say('  sudo tcpdump -i any -w - udp port 6081 | npx -y pnpm@12 --silent cli decode')
say('  npx -y pnpm@12 --silent cli --help')

async function step(title: string, args: readonly string[]): Promise<void> {
  say(bold(title))
  say(cyan(`$ geneve-telemetry ${args.join(' ')}`))
  const code = await main(args)
  if (code !== 0) process.exit(code)
  say('')
}

function row({ file, unit, linesPerRecord, take }: Written): string[] {
  const path = join(FOLDER, file)
  const content = readFileSync(path)
  const lines = content.reduce((sum, byte) => (byte === 0x0a ? sum + 1 : sum), 0)
  return [path, bytes(content.byteLength), counted(lines / linesPerRecord, unit), take.replace('FILE', path)]
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
