import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { builtInVendors } from '@geneve-telemetry/core/vendors'
import { instrument } from '@geneve-telemetry/exporter-opentelemetry'
import { provider, server } from './telemetry.ts'
import { WatchedTraffic } from './traffic.ts'

const orders = provider.getMeter('shop').createCounter('shop.orders', { description: 'Orders taken.' })

// All that plugging in takes.
const traffic = new WatchedTraffic()
instrument(provider, traffic, { vendors: builtInVendors })

server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

await traffic.watch(process.argv[2] ?? '-')
orders.add(3)

// What Prometheus would scrape.
const page = await fetch(`http://127.0.0.1:${port}/metrics`)
process.stdout.write(await page.text())
server.close()
await provider.shutdown()
