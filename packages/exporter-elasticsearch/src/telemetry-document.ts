import type { Rejected, ToldRecord, ToldValues } from '@geneve-telemetry/core'
import { instantText, originOf } from '@geneve-telemetry/core'
import { observerNames } from './ecs.ts'
import { type EcsNames, NO_VENDORS } from './ecs-names.ts'
import { members, object, quote } from './json.ts'
import { NOT_A_TIME } from './rejection.ts'
import { isList, otherObjects, toldIn } from './told.ts'

/** Data streams are named by it. */
export const TELEMETRY_DATASET = 'geneve.telemetry'

const OWN_OBJECTS: ReadonlySet<string> = new Set(['event', 'related', 'geneve'])
const EVENT = `"kind":"state","category":["network"],"type":["info"],"action":"network_telemetry","module":"geneve","dataset":"${TELEMETRY_DATASET}"`

/**
 * The ECS document of what senders told of a subject, in one line of JSON: the values where their fields' table says. `@timestamp` is the time of the last packet
 * that carried some of it, `geneve.told.packets` how many there were since the document before. Whole numbers stand in full, whatever JSON readers make of them.
 */
export function telemetryDocument(record: ToldRecord, names: EcsNames = NO_VENDORS): string | Rejected {
  const { id, observer, vendor, subject, reason, packets, values } = record
  const time = instantText(record.time)
  if (time === undefined) return NOT_A_TIME
  if (!Number.isSafeInteger(packets)) return { rejected: 'packets are no whole number' }
  const told = names.tellOnce({ [vendor]: values })
  if ('rejected' in told) return told

  const objects = members(
    object('event', members(EVENT, `"reason":${quote(reason)},"id":${quote(id)}`, toldIn(told, 'event'))),
    object('related', members(relatedIps(values, names), toldIn(told, 'related'))),
    `"geneve":{"origin":${quote(originOf(id))},"option":{"vendor":[${quote(vendor)}]},"subject":{"type":${quote(subject.type)},"id":${quote(subject.id)}},"told":{"packets":${packets}}${told.geneve}}`,
  )
  return `{"@timestamp":"${time}",${observerNames(observer)},${objects}${otherObjects(told, OWN_OBJECTS)}}`
}

/** Member of `related`: all addresses that were told. What is told as an address is one, or there is no document. */
function relatedIps(values: ToldValues, names: EcsNames): string {
  const found = new Set<string>()
  for (const [name, value] of Object.entries(values)) {
    if (!names.isAddress(name)) continue
    for (const one of isList(value) ? value : [value]) if (typeof one === 'string') found.add(quote(one))
  }
  return found.size === 0 ? '' : `"ip":[${[...found].join(',')}]`
}
