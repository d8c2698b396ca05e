export type { InfluxdbOptions } from './influxdb.ts'
export { influxdb as default, influxdb } from './influxdb.ts'
