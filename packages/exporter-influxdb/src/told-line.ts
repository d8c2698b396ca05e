import type { Name, Rejected, ToldRecord, ToldValue } from '@geneve-telemetry/core'
import { instantNanos, originOf, unlistedName } from '@geneve-telemetry/core'
import { Line, type LineRules } from './line.ts'
import { addTold, isTag } from './told-field.ts'

/** The keys that these points have of themselves. */
export const TOLD_KEYS: readonly string[] = ['time', 'observer', 'origin', 'vendor', 'subject', 'told_reason', 'told_packets']

/**
 * What was told of a subject as a point of `geneve_telemetry_<type of the subject>`, at the time of the last packet that carried some of it. The subject is a tag,
 * and so each one is a series: as a field, two subjects of the same nanosecond with the same bounded tags would be one point.
 */
export function toldLine(record: ToldRecord, names: ReadonlyMap<string, Name>, rules: LineRules): string | Rejected {
  const { subject, values } = record
  const line = new Line(`geneve_telemetry_${subject.type}`, rules)
  line.tag('observer', record.observer)
  line.tag('origin', originOf(record.id))
  line.tag('vendor', record.vendor)
  line.tag('subject', subject.id)
  if (!rules.textsAreTags) line.string('told_reason', record.reason)
  // A record at the end may tell again what the one before told, at the same time: nothing of that point is to be lost.
  if (record.packets !== 0 || rules.textsAreTags) line.integer('told_packets', record.packets)
  for (const [field, value] of Object.entries(values)) {
    const name = names.get(field) ?? unlisted(field, value)
    // Where texts are tags, a state would begin another series whenever it changes, and a server drops a point with too many tags.
    const isText = typeof value === 'string' || Array.isArray(value)
    if (isText && rules.textsAreTags && !isTag(name, value)) continue
    addTold(line, name, value)
  }
  return line.text(instantNanos(record.time))
}

/** No table says of what type its values are, so that this value does. */
function unlisted(field: string, value: ToldValue): Name {
  const name = unlistedName(field)
  return typeof value === 'number' && !Number.isInteger(value) ? { ...name, type: 'float' } : name
}
