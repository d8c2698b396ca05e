import type { FlowRecord, FlowSide } from '@geneve-telemetry/core'

/** What a flow says of one of its directions. */
interface Direction {
  readonly record: FlowRecord
  readonly side: FlowSide
  readonly isForward: boolean
}

type Value = (direction: Direction) => string | number | undefined

interface LogField {
  /** The version of AWS's format that has brought the field. */
  readonly version: number
  readonly value: Value
}

const UNKNOWN = '-'
const nobodyKnows: Value = () => undefined
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const ACK = 0x10

/** The fields of version 2, in the order that AWS has by default. */
export const DEFAULT_FLOW_LOG: string =
  '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}'

const KNOWN: Readonly<Record<string, LogField>> = {
  'account-id': { version: 2, value: nobodyKnows },
  'interface-id': { version: 2, value: nobodyKnows },
  srcaddr: { version: 2, value: ({ record, isForward }) => firstAddress(record, isForward) },
  dstaddr: { version: 2, value: ({ record, isForward }) => firstAddress(record, !isForward) },
  srcport: { version: 2, value: ({ record, isForward }) => (isForward ? record.sourcePort : record.destinationPort) ?? 0 },
  dstport: { version: 2, value: ({ record, isForward }) => (isForward ? record.destinationPort : record.sourcePort) ?? 0 },
  protocol: { version: 2, value: ({ record }) => record.protocol },
  packets: { version: 2, value: ({ side }) => side.packets },
  bytes: { version: 2, value: ({ side }) => side.bytes },
  start: { version: 2, value: ({ record }) => record.start.seconds },
  end: { version: 2, value: ({ record }) => record.end.seconds },
  // What an appliance did with the packets is not known from flows.
  action: { version: 2, value: nobodyKnows },
  'log-status': { version: 2, value: () => 'OK' },
  'vpc-id': { version: 3, value: nobodyKnows },
  'subnet-id': { version: 3, value: nobodyKnows },
  'instance-id': { version: 3, value: nobodyKnows },
  'tcp-flags': { version: 3, value: loggedFlags },
  type: { version: 3, value: ({ record }) => `IPv${record.version}` },
  'pkt-srcaddr': { version: 3, value: ({ record, isForward }) => (isForward ? record.source : record.destination) },
  'pkt-dstaddr': { version: 3, value: ({ record, isForward }) => (isForward ? record.destination : record.source) },
  ...Object.fromEntries(
    [
      ...versioned(4, 'region az-id sublocation-type sublocation-id'),
      ...versioned(5, 'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path'),
      ...versioned(6, 'resource-type tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id'),
      ...versioned(6, 'tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id'),
      ...versioned(6, 'packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired'),
      ...versioned(7, 'ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id'),
      ...versioned(7, 'ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id'),
      ...versioned(8, 'reject-reason'),
      ...versioned(9, 'resource-id'),
      ...versioned(10, 'encryption-status'),
      ...versioned(11, 'instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id'),
      ...versioned(11, 'next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type'),
    ].map(({ name, version }) => [name, { version, value: nobodyKnows }]),
  ),
}

/** All names that a format may have, in the order of the versions that brought them. */
export const FLOW_LOG_FIELDS: readonly string[] = ['version', ...Object.keys(KNOWN)]

/**
 * Flows as lines of a VPC flow log: what reads those reads these. A line is of one direction. `srcaddr` and `dstaddr` are those of the first packet in the
 * tunnel, `pkt-srcaddr`, `pkt-dstaddr`, `bytes` and `protocol` of the innermost; `-` is what is not known from packets.
 * Source: docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export class FlowLog {
  /** The first line of a file: the names of the fields. */
  readonly head: string
  readonly #values: readonly Value[]

  /** @throws TypeError for a format that is no `${field} ${field}`, or has a field that there is not */
  constructor(format: string = DEFAULT_FLOW_LOG) {
    const names = format.trim().split(/\s+/).map(fieldName)
    const version = Math.max(2, ...names.map((name) => KNOWN[name]?.version ?? 2))
    this.head = `${names.join(' ')}\n`
    this.#values = names.map((name): Value => (name === 'version' ? () => version : KNOWN[name]!.value))
  }

  /** The lines of a flow, one for each direction in which there were packets. */
  lines(record: FlowRecord): string {
    return this.#line(record, record.forward, true) + this.#line(record, record.reverse, false)
  }

  #line(record: FlowRecord, side: FlowSide, isForward: boolean): string {
    if (side.packets === 0) return ''
    return `${this.#values.map((value) => value({ record, side, isForward }) ?? UNKNOWN).join(' ')}\n`
  }
}

function fieldName(text: string): string {
  const name = /^\$\{(.+)\}$/.exec(text)?.[1]
  if (name === undefined) throw new TypeError(`"${text}" is no field; a format is for example '\${srcaddr} \${dstaddr} \${bytes}'`)
  if (name !== 'version' && !Object.hasOwn(KNOWN, name))
    throw new TypeError(`there is no field "${name}"; there are ${FLOW_LOG_FIELDS.join(', ')}`)
  return name
}

function versioned(version: number, names: string): readonly { readonly name: string; readonly version: number }[] {
  return names.split(' ').map((name) => ({ name, version }))
}

/** Where tunnels were passed inside the tunnel, the first packet has other addresses than the innermost. */
function firstAddress(record: FlowRecord, isSource: boolean): string {
  return isSource ? (record.firstSource ?? record.source) : (record.firstDestination ?? record.destination)
}

/** FIN, SYN and RST; ACK only of a SYN/ACK, which is what the responder's SYN is. Nothing else is said of a log's packets. */
function loggedFlags({ record, side, isForward }: Direction): number | undefined {
  const flags = side.tcpFlags & (FIN | SYN | RST)
  if (record.protocol !== 6) return 0
  const isAnswer = !isForward || record.initiator === 'first-packet'
  return (flags & SYN) !== 0 && (side.tcpFlags & ACK) !== 0 && isAnswer ? flags | ACK : flags
}
