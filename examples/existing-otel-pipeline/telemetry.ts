import { createServer, type Server } from 'node:http'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'

// What the program had before: a provider, its reader, and a page for Prometheus on the program's own server. Nothing here knows of GENEVE.

const prometheus = new PrometheusExporter({ preventServerStart: true, withoutTargetInfo: true, withoutScopeInfo: true })

export const provider: MeterProvider = new MeterProvider({ readers: [prometheus] })

export const server: Server = createServer((request, response) => prometheus.getMetricsRequestHandler(request, response))
