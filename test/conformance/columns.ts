import { hexText } from '@geneve-telemetry/core/wire'
import type { GoldenRow } from './golden.ts'
import { goldenPath, ourPath } from './path.ts'
import {
  addresses,
  bit,
  flagBits,
  geneve,
  hex,
  list,
  nextHeader,
  optionBytes,
  optionLengths,
  options,
  protocol,
  type Reading,
  text,
  transportField,
  ttls,
  udpPorts,
  unknownData,
  vlanIds,
} from './reading.ts'

type Golden = (row: GoldenRow) => string

/** One of tshark's fields: what a golden row says of it, and what we say, in tshark's notation. '' = nothing. */
export interface Column {
  readonly name: string
  readonly golden: Golden
  readonly ours: Reading
}

const NO_TABLE = 'no vendor table for the class; the option is compared as geneve.option'
const TCP_STATE = 'not of one packet: TCP analysis'

/** What golden files have and nothing here can be compared with, and why; a name that ends in a dot stands for all fields that begin so. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  'udp.checksum': 'not decoded: 0 and the partial sum of an offloading sender are both normal in captures',
  'geneve.reserved': 'reserved bits are ignored on receipt (RFC 8926, 3.4)',
  'geneve.option.gcp.': NO_TABLE,
  'eth.src': 'MAC addresses are not decoded',
  'eth.dst': 'MAC addresses are not decoded',
  'eth.type': 'not kept: what the EtherTypes lead to is compared as frame.protocols',
  'tcp.analysis.': TCP_STATE,
  'tcp.stream': TCP_STATE,
  'tcp.window_size': TCP_STATE,
  'tcp.completeness': TCP_STATE,
  'tcp.time_relative': TCP_STATE,
  'tcp.time_delta': TCP_STATE,
}

/** Whether a column of a golden file is compared or listed as one that cannot be. */
export function isKnownColumn(name: string): boolean {
  if (COLUMNS.some((column) => column.name === name)) return true
  return Object.keys(NOT_COMPARED).some((known) => name === known || (known.endsWith('.') && name.startsWith(known)))
}

function column(name: string, ours: Reading, golden: Golden = (row) => row.list(name).join()): Column {
  return { name, ours, golden }
}

/** A field of the innermost TCP header. The tcp-* files name no protocols; all TCP in them that is not quoted is the innermost. */
function tcpColumn(name: string, ours: Reading): Column {
  return column(name, ours, (row) => {
    if (row.text('frame.protocols') !== '') return row.of([row.transport('tcp')], name)
    return row.isQuote ? '' : row.text(name)
  })
}

export const COLUMNS: readonly Column[] = [
  column('frame.number', ({ record }) => text(record.frame)),
  column('frame.time_epoch', ({ record: { time } }) => `${time.seconds}.${text(time.nanos).padStart(9, '0')}`),
  column('frame.len', ({ record }) => text(record.length)),
  column('frame.cap_len', ({ record }) => text(record.capturedLength)),
  column('frame.protocols', ourPath, goldenPath),

  column(
    'ip.src',
    (seen) => addresses(seen, 4, 'source'),
    (row) => row.of(row.ends, 'ip.src'),
  ),
  column(
    'ip.dst',
    (seen) => addresses(seen, 4, 'destination'),
    (row) => row.of(row.ends, 'ip.dst'),
  ),
  column(
    'ipv6.src',
    (seen) => addresses(seen, 6, 'source'),
    (row) => row.of(row.ends, 'ipv6.src'),
  ),
  column(
    'ipv6.dst',
    (seen) => addresses(seen, 6, 'destination'),
    (row) => row.of(row.ends, 'ipv6.dst'),
  ),
  column('ip.ttl', ttls, (row) => row.of([row.outerIp, row.innermostIp], 'ip.ttl')),
  column(
    'ip.proto',
    (seen) => protocol(seen, 4),
    (row) => row.of([row.innermostIp], 'ip.proto'),
  ),
  column('ipv6.nxt', nextHeader, (row) => row.of([row.innermostIp], 'ipv6.nxt')),

  column(
    'udp.srcport',
    (seen) => udpPorts(seen, 'sourcePort'),
    (row) => row.of([row.outerUdp, row.transport('udp')], 'udp.srcport'),
  ),
  column(
    'udp.dstport',
    (seen) => udpPorts(seen, 'destinationPort'),
    (row) => row.of([row.outerUdp, row.transport('udp')], 'udp.dstport'),
  ),
  column(
    'udp.length',
    (seen) => (seen.packet.payloadLength < 0 ? '' : transportField(seen, 'udp', seen.packet.payloadLength + 8)),
    (row) => row.of([row.transport('udp')], 'udp.length'),
  ),

  column(
    'geneve.version',
    geneve(({ version }) => text(version)),
  ),
  column(
    'geneve.flags',
    geneve(({ control, critical }) => hex((control ? 0x80 : 0) | (critical ? 0x40 : 0), 2)),
  ),
  column(
    'geneve.flags.oam',
    geneve(({ control }) => bit(control)),
  ),
  column(
    'geneve.flags.critical',
    geneve(({ critical }) => bit(critical)),
  ),
  column(
    'geneve.proto_type',
    geneve(({ protocolType }) => protocolType),
  ),
  column(
    'geneve.vni',
    geneve(({ vni }) => hex(vni, 6)),
  ),
  column('geneve.options', ({ packet }) => hexText(packet.view, packet.optionsStart, packet.optionsEnd)),
  column('geneve.option', (seen) => optionBytes(seen).join()),
  column('geneve.option.length', optionLengths),
  column(
    'geneve.option.class',
    options((option) => option.class),
  ),
  column(
    'geneve.option.type',
    options(({ type }) => hex(type, 2)),
  ),
  column(
    'geneve.option.type.critical',
    options(({ critical }) => bit(critical)),
  ),
  column('geneve.option.flags', (seen) => list(optionBytes(seen).map((option) => hex(Number.parseInt(option.slice(6, 8), 16) >> 5, 2)))),
  column('geneve.option.unknown.data', unknownData, (row) =>
    list(row.list('geneve.option.unknown.data').filter((data) => data !== '<MISSING>')),
  ),

  column('vlan.id', vlanIds, (row) => row.of(row.inner, 'vlan.id')),
  tcpColumn('tcp.srcport', (seen) => transportField(seen, 'tcp', seen.record.packet.inner?.sourcePort)),
  tcpColumn('tcp.dstport', (seen) => transportField(seen, 'tcp', seen.record.packet.inner?.destinationPort)),
  tcpColumn('tcp.flags', ({ record: { packet } }) => (packet.inner?.tcpFlags === undefined ? '' : hex(flagBits(packet.inner.tcpFlags), 4))),
  tcpColumn('tcp.seq_raw', ({ segment }) => text(segment?.sequence)),
  tcpColumn('tcp.ack_raw', ({ segment }) => text(segment?.acknowledgement)),
  tcpColumn('tcp.window_size_value', ({ segment }) => text(segment?.window)),
  tcpColumn('tcp.len', (seen) => transportField(seen, 'tcp', seen.packet.payloadLength)),
  column(
    'icmp.type',
    (seen) => transportField(seen, 'icmp', seen.record.packet.inner?.icmpType),
    (row) => row.of([row.transport('icmp')], 'icmp.type'),
  ),
  column(
    'icmpv6.type',
    (seen) => transportField(seen, 'ipv6-icmp', seen.record.packet.inner?.icmpType),
    (row) => row.of([row.transport('icmpv6')], 'icmpv6.type'),
  ),
]
