import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { VERSION } from './version.ts'

export type AttributeValue = string | number | boolean
export type ResourceAttributes = Readonly<Record<string, AttributeValue>>

/** The SDK's resource, by type alone. */
export type Resource = ResourceMetrics['resource']

/** Who makes the metrics and events. */
export const SCOPE: { readonly name: string; readonly version: string } = Object.freeze({
  name: '@geneve-telemetry/exporter-opentelemetry',
  version: VERSION,
})

/**
 * A resource of these attributes, beside `service.name`, which is `geneve-telemetry` if none is given.
 *
 * @throws TypeError for an attribute that cannot be
 */
export function resourceOf(given: ResourceAttributes = {}): Resource {
  for (const [key, value] of Object.entries(given)) {
    const allowed = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    if (key === '' || !allowed) {
      throw new TypeError(`resource: "${key}" is ${String(value)}; a resource has attributes of text, true, false and finite numbers`)
    }
  }
  return plain({ 'service.name': 'geneve-telemetry', ...given })
}

function plain(attributes: ResourceAttributes): Resource {
  return {
    attributes,
    merge: (other: Resource | null) => plain({ ...attributes, ...(other?.attributes as ResourceAttributes | undefined) }),
    getRawAttributes: () => Object.entries(attributes),
  }
}
