import { openCapture } from '@geneve-telemetry/capture'
import { PacketDescriber } from '@geneve-telemetry/core'
import { builtInVendors, OptionTable } from '@geneve-telemetry/core/vendors'
import { DecodeRules } from '@geneve-telemetry/core/wire'
import { elasticsearch } from '@geneve-telemetry/exporter-elasticsearch'
import { ExporterOutlet, fileExporter, run, undelivered } from '@geneve-telemetry/pipeline'

/** What TShark's `-T ek` does, with the library: the packets of a capture as `_bulk`, and nothing beside them. Arguments: capture, folder. */
const [capture = '', folder = ''] = process.argv.slice(2)
const table = new OptionTable(builtInVendors)
const exporter = fileExporter(elasticsearch({ vendors: builtInVendors }), folder)

const { outlets } = await run({
  source: openCapture(capture),
  rules: new DecodeRules(undefined, table.roles),
  describer: new PacketDescriber(table),
  observer: 'bench',
  stage: () => ({ packet() {}, advance() {}, finish() {} }),
  outlets: [new ExporterOutlet(exporter, { kinds: ['packet'] })],
})
process.exitCode = outlets.some((outlet) => undelivered(outlet) > 0) ? 1 : 0
