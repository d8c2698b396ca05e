import type { FlowRecord } from '@geneve-telemetry/core'
import type { FieldType } from './field-types.ts'
import { object } from './json.ts'

// What Elastic's own integration for AWS calls what a flow log says, so that its searches and dashboards find flows of load balancers here too. Only what means
// the same: a flow's record here is of two directions, so what is told as the log's is of the initiator's. Whether a packet was accepted, whose account and
// which interface it was, is not known from packets, and not told.

const VENDOR = 'Amazon'
const TCP = 6
const FLAGS = ['fin', 'syn', 'rst'] as const
const SYN = 2
const ACK = 16

/** The object that these fields stand in, to its second level. */
export const CLOUD_OBJECT = 'aws.vpcflow'

export const CLOUD_TYPES: Readonly<Record<string, FieldType>> = {
  'aws.vpcflow.pkt_dstaddr': 'ip',
  'aws.vpcflow.pkt_srcaddr': 'ip',
  'aws.vpcflow.tcp_flags': 'keyword',
  'aws.vpcflow.tcp_flags_array': 'keyword',
  'aws.vpcflow.type': 'keyword',
}

/** The first of its levels. */
export const CLOUD: string = CLOUD_OBJECT.slice(0, CLOUD_OBJECT.indexOf('.'))

/**
 * Members of the object `CLOUD`, for a flow that came through such a load balancer.
 *
 * @param source its address in quotes, '' if it is none
 * @param destination likewise
 */
export function cloudNames(record: FlowRecord, source: string, destination: string): string {
  if (record.telemetry === undefined || !Object.hasOwn(record.telemetry, VENDOR)) return ''
  const names = [`"type":"${record.version === 4 ? 'IPv4' : 'IPv6'}"`]
  if (source !== '') names.push(`"pkt_srcaddr":${source}`)
  if (destination !== '') names.push(`"pkt_dstaddr":${destination}`)
  if (record.protocol === TCP) {
    const flags = loggedFlags(record)
    const set = [...FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0), ...(flags & ACK ? ['ack'] : [])]
    names.push(`"tcp_flags":"${flags}"`)
    if (set.length > 0) names.push(`"tcp_flags_array":${JSON.stringify(set)}`)
  }
  return object('vpcflow', names.join(','))
}

/** A log knows FIN, SYN, RST and ACK together with SYN. An initiator that is not known by a SYN alone and sent one, sent SYN with ACK. */
function loggedFlags({ forward: { tcpFlags }, initiator }: FlowRecord): number {
  const logged = tcpFlags & 0b111
  return (logged & SYN) !== 0 && initiator === 'first-packet' ? logged | ACK : logged
}
