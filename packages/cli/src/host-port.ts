import { isIPv6 } from 'node:net'
import { InvalidArgumentError } from 'commander'

const GENEVE_PORT = 6081
const MOST_PORT = 65_535

/** A machine, by address or name, and a UDP port there. */
export interface HostPort {
  readonly host: string
  readonly port: number
}

/** Parses `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address; without a port it is GENEVE's. */
export function hostPort(leastPort: number): (text: string) => HostPort {
  return (text) => {
    if (isIPv6(text)) return { host: text, port: GENEVE_PORT }
    const [, address, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d+))?$/.exec(text) ?? []
    const port = digits === undefined ? GENEVE_PORT : Number(digits)
    const host = address ?? name
    if (host === undefined || (address !== undefined && !isIPv6(address)) || port < leastPort || port > MOST_PORT)
      throw new InvalidArgumentError(
        `It must be HOST or HOST:PORT, an IPv6 address in brackets, the port from ${leastPort} to ${MOST_PORT}.`,
      )
    return { host, port }
  }
}

/** As it is typed. */
export function hostPortText({ host, port }: HostPort): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}
