import { ATTRIBUTES, measureName, type Name, unlistedName, vocabulary } from '@geneve-telemetry/core'
import { builtInVendors } from '@geneve-telemetry/core/vendors'

// What the dashboards speak of, from the tables of core: a name that changes there changes in every query.

const VOCABULARY = vocabulary(builtInVendors)

/** The field by which traffic comes from somebody: the first one with the role `scope` in the vendors' tables. */
export const SCOPE: Name = scopeName()
export const VNI: Name = attribute('vni')
export const TRANSPORT: Name = attribute('transport')
export const NETWORK_TYPE: Name = attribute('network_type')
export const OUTCOME: Name = attribute('outcome')
export const ISSUE_KIND: Name = attribute('issue_kind')
export const ISSUE_LAYER: Name = attribute('issue_layer')
export const OPTION_CLASS: Name = attribute('option_class')
export const OPTION_TYPE: Name = attribute('option_type')

export const PACKETS: Name = measureName('traffic', 'packets')
export const BYTES: Name = measureName('traffic', 'bytes')
export const TUNNEL_BYTES: Name = measureName('traffic', 'tunnel_bytes')
export const FLOWS: Name = measureName('traffic', 'flows')
export const RESETS: Name = measureName('traffic', 'resets')
export const OPTIONS: Name = measureName('option', 'options')
export const FRAMES: Name = measureName('decoder', 'frames')

function scopeName(): Name {
  const fields = builtInVendors.flatMap(({ options }) => options).flatMap(({ fields }) => fields)
  return fields.find(({ role }) => role === 'scope') ?? unlistedName('scope')
}

function attribute(name: string): Name {
  const known = VOCABULARY.get(name)
  if (known === undefined) throw new Error(`no attribute is called ${name}; there are ${ATTRIBUTES.map((one) => one.name).join(', ')}`)
  return known
}
