import { hardwareBytes } from './address.ts'
import { bits, concat, uint16 } from './bytes.ts'
import { etherTypeOf } from './ether-type.ts'

export interface VlanTag {
  readonly id: number
  /** 0x88a8 for the outer ones of several, 0x8100 for the last. */
  readonly type?: number
  readonly priority?: number
  readonly dropEligible?: boolean
}

export interface EthernetFields {
  readonly source?: string
  readonly destination?: string
  /** By the payload's first byte: IPv4 or IPv6; for others it has to be given. */
  readonly type?: number
  /** Outermost first; a number is a tag's id. */
  readonly vlans?: readonly (number | VlanTag)[]
}

const IEEE_802_LOCAL_EXPERIMENTAL = 0x88b5

/** An Ethernet II frame without its check sequence, with 802.1Q tags. */
export function ethernet(fields: EthernetFields, payload: Uint8Array): Uint8Array {
  const tags = (fields.vlans ?? []).map((tag) => (typeof tag === 'number' ? { id: tag } : tag))
  return concat(
    hardwareBytes(fields.destination ?? '02:00:00:00:00:02'),
    hardwareBytes(fields.source ?? '02:00:00:00:00:01'),
    ...tags.map((tag, index) => vlanTag(tag, index === tags.length - 1)),
    uint16(fields.type ?? etherTypeOf(payload, IEEE_802_LOCAL_EXPERIMENTAL)),
    payload,
  )
}

function vlanTag(tag: VlanTag, last: boolean): Uint8Array {
  const control = bits([tag.priority ?? 0, 3], [tag.dropEligible ? 1 : 0, 1], [tag.id, 12])
  return concat(uint16(tag.type ?? (last ? 0x8100 : 0x88a8)), control)
}
