import type { RecordField } from '../../record-profile.ts'
import { isArn } from './codecs/arn.ts'
import type { Codec, Scalar } from './codecs/codec.ts'
import { codecOf, serviceOf } from './codecs/codecs.ts'
import { PAGES } from './pages.ts'
import type { FieldRow, FieldRows, ValuesOf } from './row.ts'
import { CLOUD_FRONT } from './tables/cloud-front.ts'
import { CONTAINERS } from './tables/containers.ts'
import { DIRECT_CONNECT } from './tables/direct-connect.ts'
import { FLOW } from './tables/flow.ts'
import { IDENTITY } from './tables/identity.ts'
import { LOAD_BALANCER } from './tables/load-balancer.ts'
import { NAT_GATEWAY } from './tables/nat-gateway.ts'
import { PERFORMANCE } from './tables/performance.ts'
import { SECURITY } from './tables/security.ts'
import { TOPOLOGY } from './tables/topology.ts'
import { TRANSIT_GATEWAY } from './tables/transit-gateway.ts'
import { VPC_ENDPOINT } from './tables/vpc-endpoint.ts'

/** A field of this profile: a `RecordField` with the codec that it is made of. */
export interface AwsField extends RecordField<Scalar> {
  readonly codec: Codec
  /** Of an ARN, the service that its head names. */
  readonly service?: string
}

const GROUPS: Readonly<Record<string, FieldRows>> = {
  identity: IDENTITY,
  performance: PERFORMANCE,
  security: SECURITY,
  flow: FLOW,
  topology: TOPOLOGY,
  vpc_endpoint: VPC_ENDPOINT,
  nat_gateway: NAT_GATEWAY,
  containers: CONTAINERS,
  load_balancer: LOAD_BALANCER,
  cloud_front: CLOUD_FRONT,
  transit_gateway: TRANSIT_GATEWAY,
  direct_connect: DIRECT_CONNECT,
}

/** All that a record of this profile may say, by the public names of its fields. What was not said is absent. */
export type AwsRecord = ValuesOf<typeof IDENTITY> &
  ValuesOf<typeof PERFORMANCE> &
  ValuesOf<typeof SECURITY> &
  ValuesOf<typeof FLOW> &
  ValuesOf<typeof TOPOLOGY> &
  ValuesOf<typeof VPC_ENDPOINT> &
  ValuesOf<typeof NAT_GATEWAY> &
  ValuesOf<typeof CONTAINERS> &
  ValuesOf<typeof LOAD_BALANCER> &
  ValuesOf<typeof CLOUD_FRONT> &
  ValuesOf<typeof TRANSIT_GATEWAY> &
  ValuesOf<typeof DIRECT_CONNECT>

export type ServiceType = NonNullable<AwsRecord['service_type']>

/** From here on numbers stand in the data of an option of `EXTENDED_TYPE`. */
export const FIRST_EXTENDED: number = 128
export const EXTENDED_TYPE: number = 127

/** Bytes of data that an option may have, RFC 8926 3.5: 31 words. */
export const MOST_DATA: number = 124

/** All fields, in the order of their numbers. */
export const AWS_FIELDS: readonly AwsField[] = Object.entries(GROUPS)
  .flatMap(([group, rows]) => Object.entries(rows).map(([name, row]) => fieldOf(group, name, row)))
  .sort((one, other) => one.number - other.number)

const BY_NAME: ReadonlyMap<string, AwsField> = new Map(AWS_FIELDS.map((field) => [field.name, field]))

export function fieldNamed(name: string): AwsField | undefined {
  return BY_NAME.get(name)
}

/** How many bytes of an option's data stand before the value. */
export function prefixLength(number: number): number {
  return number < FIRST_EXTENDED ? 0 : 2
}

function fieldOf(group: string, name: string, row: FieldRow): AwsField {
  const { page, called, otel = `geneve.aws.${name}`, ecs = `geneve.aws.${name}`, ...said } = row
  const codec = codecOf(row.wire, row.values)
  const most = MOST_DATA - prefixLength(row.number)
  const service = serviceOf(row.wire)
  return {
    ...said,
    name,
    group,
    type: codec.type,
    otel,
    ecs,
    influx: name,
    codec,
    ...(service !== undefined && { service }),
    ...(page !== undefined && { source: `${PAGES[page]}, ${called}` }),
    read(view, offset, end) {
      const length = end - offset > most ? -1 : codec.lengthIn(view, offset, end - offset)
      const value = length < 0 ? undefined : codec.read(view, offset, length)
      // What is left of an ARN without its head is understood together with the record only.
      return service === undefined || isArn(value) ? value : undefined
    },
    write(value) {
      const bytes = new Uint8Array(most)
      const length = codec.put(value, new DataView(bytes.buffer), 0, most)
      return length < 0 || length > most ? undefined : bytes.subarray(0, length)
    },
  }
}
