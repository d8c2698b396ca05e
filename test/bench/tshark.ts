import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { command } from '../command.ts'

const TSHARK = 'tshark'
const FIELDS =
  'frame.number frame.time_epoch ip.src ip.dst geneve.vni geneve.option.class geneve.option.unknown.data tcp.srcport tcp.dstport tcp.flags'

/** Documents for `_bulk`; and the fastest that it has, a few fields as text. */
export const TSHARK_FORMATS: Readonly<Record<string, readonly string[]>> = {
  ek: ['-T', 'ek'],
  fields: ['-T', 'fields', ...FIELDS.split(' ').flatMap((field) => ['-e', field])],
}

/** Why it cannot be had, if so. */
export async function tsharkProblem(): Promise<string | undefined> {
  try {
    await command(TSHARK, ['--version'])
    return undefined
  } catch {
    return 'it is not installed'
  }
}

/** Seconds for the first `packets` packets of a capture, its start included. Names are not resolved; what it prints is thrown away. */
export async function tsharkSeconds(path: string, packets: number, format: readonly string[]): Promise<number> {
  const began = performance.now()
  const child = spawn(TSHARK, ['-n', '-r', path, '-c', String(packets), ...format], { stdio: 'ignore' })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`tshark ${format.join(' ')} over ${path} ended with ${code}`)
  return (performance.now() - began) / 1000
}
