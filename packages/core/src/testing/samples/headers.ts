import { IS_DAMAGED } from '../../wire/packet-view.ts'
import { genevePacket } from '../geneve-packet.ts'
import { hex } from '../hex.ts'
import { LOAD_BALANCER_OPTIONS, OUTER, type SamplePacket, sample, TCP_IN_IPV4 } from './sample-packet.ts'

export const headers = (): readonly SamplePacket[] => [
  sample("a load balancer's options", genevePacket({ options: LOAD_BALANCER_OPTIONS }), `${OUTER} > geneve 8 40 > ${TCP_IN_IPV4}`),
  sample(
    'all reserved bits set',
    genevePacket({ reserved: 63, reservedByte: 255, options: LOAD_BALANCER_OPTIONS.map((option) => ({ ...option, reserved: 7 })) }),
    `${OUTER} > geneve 8 40 > ${TCP_IN_IPV4}`,
  ),
  sample('63 words of options', genevePacket({ options: [{ words: 31 }, { words: 30 }] }), `${OUTER} > geneve 8 260 > ${TCP_IN_IPV4}`),
  sample(
    'a critical option',
    genevePacket({ options: [{ class: 0x0102, type: 0x80, words: 1 }] }),
    `${OUTER} > geneve 8 16 > ${TCP_IN_IPV4}`,
  ),
  sample(
    'a control packet',
    genevePacket({ control: true, payload: hex('20c80318 00000001'), protocolType: 0x8999 }),
    `${OUTER} > geneve 8`,
  ),
  sample('C missing', genevePacket({ critical: false, options: [{ type: 0x80 }] }), `${OUTER} > geneve 8 12 > ${TCP_IN_IPV4}`, {
    issue: 'critical-flag-missing',
  }),
  sample('C for nothing', genevePacket({ critical: true, options: LOAD_BALANCER_OPTIONS }), `${OUTER} > geneve 8 40 > ${TCP_IN_IPV4}`, {
    issue: 'critical-flag-unneeded',
  }),
  sample(
    'an option that overruns',
    genevePacket({ options: [{ words: 1 }, { words: 0, length: 3 }] }),
    `${OUTER} > geneve 8 20 > ${TCP_IN_IPV4}`,
    {
      issue: 'option-overrun',
    },
  ),
  sample('version 1', genevePacket({ version: 1 }), `${OUTER} > geneve 8`, { outcome: IS_DAMAGED, issue: 'unsupported-version' }),
  sample('nothing in the tunnel', genevePacket({ payload: new Uint8Array(0), protocolType: 0x0800 }), `${OUTER} > geneve 8 > inner-ip 20`, {
    issue: 'truncated',
  }),
]
