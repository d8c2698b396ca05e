/** The types of Elasticsearch's fields that documents have. */
export type FieldType = 'boolean' | 'constant_keyword' | 'date' | 'double' | 'ip' | 'keyword' | 'long' | 'unsigned_long'

/** The fields of the Elastic Common Schema 9.4 that documents have, with its types. */
export const ECS_TYPES: Readonly<Record<string, FieldType>> = {
  '@timestamp': 'date',
  'destination.address': 'keyword',
  'destination.bytes': 'long',
  'destination.ip': 'ip',
  'destination.packets': 'long',
  'destination.port': 'long',
  'ecs.version': 'keyword',
  'error.type': 'keyword',
  'event.action': 'keyword',
  'event.category': 'keyword',
  'event.dataset': 'keyword',
  'event.duration': 'long',
  'event.end': 'date',
  'event.id': 'keyword',
  'event.kind': 'keyword',
  'event.module': 'keyword',
  'event.reason': 'keyword',
  'event.start': 'date',
  'event.type': 'keyword',
  'host.name': 'keyword',
  'network.bytes': 'long',
  'network.community_id': 'keyword',
  'network.iana_number': 'keyword',
  'network.inner.vlan.id': 'keyword',
  'network.packets': 'long',
  'network.transport': 'keyword',
  'network.type': 'keyword',
  'network.vlan.id': 'keyword',
  'observer.name': 'keyword',
  'observer.product': 'keyword',
  'observer.type': 'keyword',
  'related.ip': 'ip',
  'source.address': 'keyword',
  'source.bytes': 'long',
  'source.ip': 'ip',
  'source.packets': 'long',
  'source.port': 'long',
}

/** What a flow has of each direction beside packets and bytes. */
const SIDE = { vni: 'long', 'tunnel.bytes': 'long', 'tcp.flags': 'keyword', 'returned.packets': 'long', 'returned.bytes': 'long' } as const

/** Our own fields: under `geneve`, see the table in README. */
export const GENEVE_TYPES: Readonly<Record<string, FieldType>> = {
  ...under('geneve', {
    control: 'boolean',
    critical: 'boolean',
    'decoder.layer': 'keyword',
    encapsulation: 'keyword',
    frame: 'long',
    'inner.ttl': 'long',
    'icmp.code': 'long',
    'icmp.type': 'long',
    measurement: 'keyword',
    options: 'keyword',
    'option.vendor': 'keyword',
    origin: 'keyword',
    'outer.ttl': 'long',
    protocol_type: 'keyword',
    'tcp.flags': 'keyword',
    'tunnel.bytes': 'long',
    'tunnel.captured_bytes': 'long',
    version: 'long',
    vlan: 'long',
    vni: 'long',
  }),
  ...under('geneve.flow', {
    id: 'keyword',
    part: 'long',
    final: 'boolean',
    end_reason: 'keyword',
    end_code: 'long',
    initiator: 'keyword',
    state: 'keyword',
    asymmetric: 'boolean',
  }),
  ...under('geneve.sample', { weight: 'long' }),
  ...under('geneve.subject', { type: 'keyword', id: 'keyword' }),
  ...under('geneve.told', { packets: 'long' }),
  ...under('geneve.issue', { offset: 'long', needed: 'long', available: 'long' }),
  ...under('geneve.source', SIDE),
  ...under('geneve.destination', SIDE),
  ...under('geneve.outer.source', { ip: 'ip', port: 'long' }),
  ...under('geneve.outer.destination', { ip: 'ip', port: 'long' }),
  ...under('geneve.first.source', { ip: 'ip' }),
  ...under('geneve.first.destination', { ip: 'ip' }),
}

function under(object: string, types: Readonly<Record<string, FieldType>>): Readonly<Record<string, FieldType>> {
  return Object.fromEntries(Object.entries(types).map(([field, type]) => [`${object}.${field}`, type]))
}
