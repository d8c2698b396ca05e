export type { AttributeValue } from './attributes.ts'
export type { OpenTelemetryOptions } from './opentelemetry.ts'
export { opentelemetry as default, opentelemetry } from './opentelemetry.ts'
