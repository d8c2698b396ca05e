import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const TABLES = ['/proc/net/udp', '/proc/net/udp6']
const DESCRIPTORS = '/proc/self/fd'
const LOCAL_ADDRESS = 1
const INODE = 9

/** How many datagrams the kernel threw away because this process's UDP socket at a port had no room for them. `undefined` where the system (not Linux) does not tell. */
export function kernelDrops(port: number): number | undefined {
  try {
    const own = ownSockets()
    const rows = TABLES.flatMap((path) => readFileSync(path, 'latin1').trimEnd().split('\n').slice(1)).map((line) =>
      line.trim().split(/\s+/),
    )
    const row = rows.find((columns) => portOf(columns[LOCAL_ADDRESS]) === port && own.has(columns[INODE] ?? ''))
    return row === undefined ? undefined : Number(row.at(-1))
  } catch {
    return undefined
  }
}

/** `0100007F:17C1`: the address, and the port in hex. */
function portOf(localAddress = ''): number {
  return Number.parseInt(localAddress.slice(localAddress.indexOf(':') + 1), 16)
}

/** Inodes of the sockets that this process has. */
function ownSockets(): ReadonlySet<string> {
  const targets = readdirSync(DESCRIPTORS).map((name) => {
    try {
      return readlinkSync(`${DESCRIPTORS}/${name}`)
    } catch {
      // The one by which the folder is read is gone by now.
      return ''
    }
  })
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []))
}
