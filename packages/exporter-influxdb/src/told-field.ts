import type { FieldValue, Name, Quantity } from '@geneve-telemetry/core'
import { valueTypeOf } from '@geneve-telemetry/core'
import type { Line } from './line.ts'

/** Whether a field's values are tags: few, and what a thing is, not how it is. A state as tag would begin another series whenever it changes. */
export function isTag({ instrument, cardinality }: Name, value: FieldValue): boolean {
  return instrument === 'identity' && cardinality === 'bounded' && typeof value !== 'object'
}

/**
 * Adds what was told: as tag, or as a field of the type that the table says, which is the same in every point. A list is a text, its JSON; a value of several
 * parts is a field for each.
 */
export function addTold(line: Line, name: Name, value: FieldValue): void {
  const { influx } = name
  if (Array.isArray(value)) line.string(influx, JSON.stringify(value))
  else if (typeof value === 'object') {
    for (const [part, leaf] of Object.entries(value)) addTold(line, { ...name, influx: `${influx}_${part}` }, leaf)
  } else if (isTag(name, value)) line.tag(influx, String(value))
  else if (typeof value === 'string') line.string(influx, value)
  else if (typeof value === 'boolean') line.boolean(influx, value)
  else addNumber(line, name, value)
}

function addNumber(line: Line, name: Name, value: Quantity): void {
  const type = valueTypeOf(name)
  if (type === 'unsigned64') line.unsigned(name.influx, value)
  else if (type === 'float') line.float(name.influx, Number(value))
  else line.integer(name.influx, value)
}
