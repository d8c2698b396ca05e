import type { Schema } from './codecs/codec.ts'
import { type AwsField, MOST_DATA, prefixLength } from './fields.ts'
import type { AwsProfile } from './profile.ts'

/**
 * The JSON Schema (draft 2020-12) of a record. It says less than `parseRecord`: texts are counted in bytes there, and an IPv6 address is written in one way.
 */
export function recordSchema({ fields, doc }: AwsProfile): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Telemetry record',
    description: doc,
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, { description: field.doc, ...valueSchema(field) }])),
    additionalProperties: false,
    minProperties: 1,
  }
}

function valueSchema({ codec, list, number }: AwsField): Schema {
  const { schema } = codec
  const most = MOST_DATA - prefixLength(number)
  const one = 'maxLength' in schema ? { ...schema, maxLength: most } : schema
  return list ? { type: 'array', minItems: 1, items: one } : one
}
