import { type FlowRecord, type FlowSide, instantText } from '@geneve-telemetry/core'
import { protocolName, tcpFlagsText } from '@geneve-telemetry/core/wire'
import { stringify } from 'csv-stringify/sync'
import { fieldsText } from './packet-text.ts'

const TCP = 6

type Column = readonly [name: string, value: (record: FlowRecord) => string | number | undefined]

const COLUMNS: readonly Column[] = [
  ['flow', ({ flow }) => flow],
  ['part', ({ part }) => part],
  ['start', ({ start }) => instantText(start)],
  ['end', ({ end }) => instantText(end)],
  ['end_reason', ({ reason }) => reason],
  ['state', ({ state }) => state],
  ['transport', ({ protocol }) => protocolName(protocol)],
  ['source', ({ source }) => source],
  ['source_port', ({ sourcePort }) => sourcePort],
  ['destination', ({ destination }) => destination],
  ['destination_port', ({ destinationPort }) => destinationPort],
  ['initiator', ({ initiator }) => initiator],
  ['community_id', ({ communityId }) => communityId],
  ...side('source', ({ forward }) => forward),
  ...side('destination', ({ reverse }) => reverse),
  ['icmp_type', ({ icmpType }) => icmpType],
  ['icmp_code', ({ icmpCode }) => icmpCode],
  ['vlan', ({ vlan }) => vlan.join(' ')],
  ['encapsulation', ({ encapsulation }) => encapsulation.join(' ')],
  ['outer_source', ({ outerSource }) => outerSource],
  ['outer_destination', ({ outerDestination }) => outerDestination],
  ['asymmetric', ({ asymmetric }) => (asymmetric === true ? 'true' : undefined)],
  ['weight', ({ weight }) => weight],
  ['telemetry', ({ telemetry = {} }) => Object.values(telemetry).map(fieldsText).join(' ')],
]

/** What came from one end, as an end's name and the figure's. */
function side(end: string, of: (record: FlowRecord) => FlowSide): readonly Column[] {
  return [
    [`${end}_packets`, (record) => of(record).packets],
    [`${end}_bytes`, (record) => of(record).bytes],
    [`${end}_tunnel_bytes`, (record) => of(record).tunnelBytes],
    [`${end}_returned_packets`, (record) => of(record).returnedPackets],
    [`${end}_returned_bytes`, (record) => of(record).returnedBytes],
    [`${end}_tcp_flags`, (record) => (record.protocol === TCP ? tcpFlagsText(of(record).tcpFlags) : undefined)],
    [`${end}_vni`, (record) => of(record).vni],
  ]
}

/** Flows as comma-separated values (RFC 4180). What a spreadsheet would take for a formula has an apostrophe before it: a sender decides what options say. */
export class FlowCsv {
  readonly head: string = csvLine(COLUMNS.map(([name]) => name))

  line(record: FlowRecord): string {
    return csvLine(COLUMNS.map(([, value]) => value(record)))
  }
}

function csvLine(values: readonly (string | number | undefined)[]): string {
  return stringify([values], { escape_formulas: true, record_delimiter: 'unix' })
}
