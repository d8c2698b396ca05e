import type { Role } from '@geneve-telemetry/core'
import { type GeneveOptionFields, genevePacket, type IpFields, type Segment, uint32 } from '@geneve-telemetry/core/testing'
import { builtInVendors, type OptionLayout } from '@geneve-telemetry/core/vendors'

/** Whose traffic it is: what stands in the options with a role, and the addresses of the tunnel's ends. */
export interface Tenant {
  /** 64 bits, as two words: the scope that keeps equal addresses apart. */
  readonly scope: readonly [high: number, low: number]
  readonly vni: number
  readonly outer: IpFields
}

/** An inner packet with its tunnel around it. `cookie` names the flow. */
export function tunnelled(tenant: Tenant, cookie: number, inner: IpFields, segment: Segment): Uint8Array {
  return genevePacket({ ...tunnelOf(tenant, cookie), inner, segment })
}

/** The fields of a tenant's tunnel, for packets that are put together otherwise. */
export function tunnelOf(
  { scope, vni, outer }: Tenant,
  cookie: number,
): {
  readonly vni: number
  readonly outer: IpFields
  readonly options: readonly GeneveOptionFields[]
} {
  return { vni, outer, options: [optionOf('scope', scope), optionOf('cookie', [cookie])] }
}

function optionOf(role: Role, words: readonly number[]): GeneveOptionFields {
  const { optionClass, type } = layoutOf(role)
  const data = new Uint8Array(words.flatMap((word) => [...uint32(word)]))
  return { class: optionClass, type, data }
}

function layoutOf(role: Role): OptionLayout {
  const layout = builtInVendors.flatMap(({ options }) => options).find(({ fields }) => fields.some((field) => field.role === role))
  if (layout === undefined) throw new Error(`no vendor's table has an option with the role ${role}`)
  return layout
}
