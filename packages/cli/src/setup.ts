import { ALL_WELL, messageOf, OperatorError } from './exit.ts'
import { Interruption } from './interruption.ts'
import { EXPORTER_NAMES, isExporter } from './load.ts'
import { splitTarget, targetsOf } from './targets.ts'
import { loadVendors, type VendorOptions } from './vendors.ts'

export type SetupOptions = VendorOptions

const LOCALHOST = 'http://localhost:9200'
/** Where it may be left out which server is meant: the variable that says it. */
const URL_VARIABLES: Readonly<Record<string, string>> = { elasticsearch: 'ELASTICSEARCH_URL', opensearch: 'OPENSEARCH_URL' }
const TIMEOUT_MS = 60_000

/** Puts into the backends what records need there, and says what there is. Returns the exit code. */
export async function setup(targets: readonly string[], options: SetupOptions): Promise<number> {
  const interruption = new Interruption()
  return interruption.during(async () => {
    const vendors = await loadVendors(options)
    for (const text of targets) {
      const whole = withUrl(text)
      const [target] = await targetsOf([whole], { vendors, live: false, flows: true }, 'setup')
      for (const line of await setUp(target!.ways, target!.option, interruption.signal)) process.stdout.write(`${line}\n`)
    }
    return interruption.code ?? ALL_WELL
  })
}

async function setUp(
  ways: Awaited<ReturnType<typeof targetsOf>>[number]['ways'],
  option: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const exporters = ways.filter(isExporter)
  const lines: string[] = []
  for (const exporter of exporters) {
    if (exporter.setup === undefined) continue
    try {
      lines.push(...(await exporter.setup(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))))
    } catch (error) {
      throw new OperatorError(`${option}: ${messageOf(error)}`)
    } finally {
      await exporter.close?.()
    }
  }
  if (!exporters.some((exporter) => exporter.setup !== undefined)) lines.push(`${option}: nothing is needed there`)
  return lines
}

function withUrl(text: string): string {
  const [name, place] = splitTarget(text)
  if (place?.startsWith('file:')) throw new OperatorError(`setup ${text}: files need nothing; write NAME=URL`)
  const variable = URL_VARIABLES[name]
  if (place !== undefined) return text
  if (variable !== undefined) return `${name}=${process.env[variable] || LOCALHOST}`
  if (EXPORTER_NAMES.includes(name)) throw new OperatorError(`setup ${text}: where? Write ${name}=URL`)
  return text
}
