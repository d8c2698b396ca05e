import { openCapture } from '@geneve-telemetry/capture'
import { PacketDescriber } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { AccountFilter, run } from '@geneve-telemetry/pipeline'

const ACCOUNTS: Readonly<Record<string, string>> = {
  '111111111111': 'production',
  '222222222222': 'staging',
  '333333333333': 'development',
}

const table = new OptionTable(builtInVendors)
const describer = new PacketDescriber(table)
const { packets } = await run({
  source: openCapture('accounts.pcap'),
  rules: new DecodeRules(undefined, table.roles),
  accounts: new AccountFilter({ only: Object.keys(ACCOUNTS) }, table),
  observer: 'example',
  stage: () => ({
    packet(packet) {
      const told = describer.describe(packet).telemetry?.['Amazon'] ?? {}
      console.log(`${ACCOUNTS[String(told['account_id'])]}: ${told['vpc_id']} in ${told['region']}, ${told['latency']} ms`)
    },
    advance() {},
    finish() {},
  }),
})
console.log(`${packets.analyzed} of ${packets.geneve} packets; left out: ${JSON.stringify(packets.filtered)}`)
