import { expect, test } from 'vitest'
import { optionClassOwner } from '../src/vendors/registry.ts'

/** The registry as it is published, one row per line: class or range, assignee. */
const REGISTRY = `
0x0100         Linux
0x0101         Open vSwitch (OVS)
0x0102         Open Virtual Networking (OVN)
0x0103         In-band Network Telemetry (INT)
0x0104         VMware, Inc.
0x0105         Amazon.com, Inc.
0x0106         Cisco Systems, Inc.
0x0107         Oracle Corporation
0x0108-0x0110  Amazon.com, Inc.
0x0111-0x0118  IBM
0x0119-0x0128  Ericsson
0x0129         Oxide Computer Company
0x0130-0x0131  Cisco Systems, Inc.
0x0132-0x0135  Google LLC
0x0136         InfoQuick Global Connection Tech Ltd.
0x0137-0x0140  Alibaba, inc
0x0141-0x0144  Palo Alto Networks
0x0145-0x0149  Huawei Technologies Co., Ltd
0x014A         EMnify GmbH
0x014B         Cilium
0x014C         Corelight, Inc.
0x014D         1NCE GmbH
0x014E-0x0157  Cloud of China Telecom (CTYUN)
0x0158-0x0161  Volcengine, inc
0x0162         nat64.net
0x0163         Multi Segment SD-WAN
0x0164         cPacket Networks
0x0165-0x0167  Tencent
0x0168         ExtraHop Networks, Inc.
0x0169         Soosan INT Co., Ltd.
0x016A-0x016C  Spacelink, Inc
0x016D         617A Corporation
0x016E         Zscaler
0x016F-0x0170  7Generation
0xFF00-0xFFFF  Experimental Use
`

test('every option class has the owner that the registry gives it', () => {
  const published = new Map<number, string>()
  for (const row of REGISTRY.trim().split('\n')) {
    const [, first, last = first, assignee] = /^0x(\w{4})(?:-0x(\w{4}))?\s+(.+)$/.exec(row) ?? []
    for (let optionClass = Number.parseInt(first!, 16); optionClass <= Number.parseInt(last!, 16); optionClass++) {
      published.set(optionClass, assignee!)
    }
  }
  // 0x0100-0x0170 without 0x012A-0x012F, and the experimental ones.
  expect(published.size).toBe(0x71 - 6 + 256)
  for (let optionClass = 0; optionClass <= 0xffff; optionClass++) {
    if (optionClassOwner(optionClass)?.assignee !== published.get(optionClass)) {
      expect.fail(
        `class ${optionClass.toString(16)}: ${optionClassOwner(optionClass)?.assignee}, registry says ${published.get(optionClass)}`,
      )
    }
  }
})

test('names are the short ones that vendorName shows', () => {
  const names: Readonly<Record<number, string>> = {
    256: 'Linux',
    257: 'Open vSwitch',
    258: 'OVN',
    259: 'INT',
    260: 'VMware',
    261: 'Amazon',
    262: 'Cisco',
    264: 'Amazon',
    272: 'Amazon',
    297: 'Oxide',
    305: 'Cisco',
    306: 'Google',
    331: 'Cilium',
    359: 'Tencent',
    65280: 'Experimental Use',
  }
  for (const [optionClass, name] of Object.entries(names)) expect(optionClassOwner(Number(optionClass))?.name).toBe(name)
})

test('what is no option class has no owner', () => {
  for (const number of [-1, 0x10000, Number.MAX_SAFE_INTEGER]) expect(optionClassOwner(number)).toBeUndefined()
})
