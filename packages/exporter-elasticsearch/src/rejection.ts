import type { Rejected } from '@geneve-telemetry/core'

export const NOT_A_TIME: Rejected = { rejected: 'the time is not within the years 1970 to 9999' }
