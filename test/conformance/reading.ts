import type { PacketOption } from '@geneve-telemetry/core'
import { hexText, protocolNumber } from '@geneve-telemetry/core/wire'
import type { GoldenRow } from './golden.ts'
import type { Sighting } from './sighting.ts'

/** What we say of a frame in the notation of one of tshark's fields; '' = nothing. The golden row is for what tshark's field leaves out. */
export type Reading = (sighting: Sighting, row: GoldenRow) => string

export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`
export const bit = (value: boolean): string => (value ? '1' : '0')
export const text = (value: number | string | undefined): string => (value === undefined ? '' : String(value))
export const list = (values: readonly (number | string | undefined)[]): string => values.filter((value) => value !== undefined).join()

export function addresses({ record: { packet } }: Sighting, version: 4 | 6, end: 'source' | 'destination'): string {
  const { outer, inner } = packet
  const first = end === 'source' ? inner?.firstSource : inner?.firstDestination
  const all = [outer?.[end], first, inner?.protocol === 'arp' ? undefined : inner?.[end]]
  return list(all.filter((address) => address?.includes(':') === (version === 6)))
}

export function ttls({ record: { packet }, packet: view }: Sighting): string {
  return list([view.outerVersion === 4 ? packet.outer?.ttl : undefined, view.innerVersion === 4 ? packet.inner?.ttl : undefined])
}

export function protocol({ record, packet }: Sighting, version: 4 | 6): string {
  return packet.innerVersion === version ? text(protocolNumber(record.packet.inner?.protocol ?? '')) : ''
}

/** tshark's field is the fixed header's. We keep the protocol behind all extension headers, so where there are some the header's own byte is read. */
export function nextHeader(sighting: Sighting, row: GoldenRow): string {
  const { view, innerHeader } = sighting.packet
  const isExtended = row.inner.some(({ name }) => name.startsWith('ipv6.'))
  return isExtended ? text(view.getUint8(innerHeader + 6)) : protocol(sighting, 6)
}

export function udpPorts({ record: { packet } }: Sighting, end: 'sourcePort' | 'destinationPort'): string {
  return list([packet.outer?.[end], packet.inner?.protocol === 'udp' ? packet.inner[end] : undefined])
}

/** A field of the innermost packet's transport header, if it is of this protocol; the view has -1 for what is not there. */
export function transportField({ record }: Sighting, name: string, value: number | undefined): string {
  return record.packet.inner?.protocol === name && value !== -1 ? text(value) : ''
}

export function geneve(value: (header: NonNullable<Sighting['record']['packet']['geneve']>) => string): Reading {
  return ({ record }) => (record.packet.geneve === undefined ? '' : value(record.packet.geneve))
}

export function options(value: (option: PacketOption) => string): Reading {
  return geneve((header) => header.options.map(value).join())
}

/** Each option with its header, cut out of the decoder's view. */
export function optionBytes({ packet: { view, optionsStart, optionsEnd } }: Sighting): readonly string[] {
  const found: string[] = []
  for (let at = optionsStart; at < optionsEnd; ) {
    const end = at + 4 + (view.getUint8(at + 3) & 0x1f) * 4
    found.push(hexText(view, at, end))
    at = end
  }
  return found
}

/** The header's option bytes, then each option's with its own header. Where the options are cut, the issue tells how long the header should be. */
export function optionLengths({ record: { packet }, packet: view }: Sighting): string {
  if (packet.geneve === undefined) return ''
  const headerLength = view.payload < 0 ? view.issueNeeded : view.payload - view.geneve
  return [headerLength - 8, ...packet.geneve.options.map(({ length }) => length + 4)].join()
}

/** Google's options, which tshark decodes by name, so that their data is not in `geneve.option.unknown.data`. */
const KNOWN_TO_TSHARK: ReadonlySet<string> = new Set(['0x0132/1', '0x0132/2', '0x0132/3'])

export function unknownData({ record }: Sighting): string {
  const unknown = record.packet.geneve?.options.filter((option) => !KNOWN_TO_TSHARK.has(`${option.class}/${option.type}`))
  return list(unknown?.map(({ data }) => (data === '' ? undefined : data)) ?? [])
}

/** tshark has another field for the ids of 802.1ad tags. */
export function vlanIds({ record }: Sighting, row: GoldenRow): string {
  const tags = row.inner.filter(({ name }) => name === 'vlan' || name === 'ieee8021ad')
  return list(record.packet.inner?.vlan?.filter((_, index) => tags[index]?.name !== 'ieee8021ad') ?? [])
}

export function flagBits(letters: string): number {
  return [...letters].reduce((bits, letter) => bits | (1 << 'FSRPAUEC'.indexOf(letter)), 0)
}
