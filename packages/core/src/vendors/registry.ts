/** Whose option classes these are. */
export interface OptionClassOwner {
  /** As in `vendorName`: `Amazon`. */
  readonly name: string
  /** As the registry writes it: `Amazon.com, Inc.` */
  readonly assignee: string
}

/** First class, last class, name, assignee. */
type Assignment = readonly [first: number, last: number, name: string, assignee: string]

/**
 * IANA's registry "Geneve Option Class" in order of the classes, as it stood in February 2026. 0x0000-0x00FF are assigned by IETF Review (none is),
 * 0x0100-0xFEFF first come, first served; what is not listed is unassigned (RFC 8926, 7).
 */
const ASSIGNMENTS: readonly Assignment[] = [
  [0x0100, 0x0100, 'Linux', 'Linux'],
  [0x0101, 0x0101, 'Open vSwitch', 'Open vSwitch (OVS)'],
  [0x0102, 0x0102, 'OVN', 'Open Virtual Networking (OVN)'],
  [0x0103, 0x0103, 'INT', 'In-band Network Telemetry (INT)'],
  [0x0104, 0x0104, 'VMware', 'VMware, Inc.'],
  [0x0105, 0x0105, 'Amazon', 'Amazon.com, Inc.'],
  [0x0106, 0x0106, 'Cisco', 'Cisco Systems, Inc.'],
  [0x0107, 0x0107, 'Oracle', 'Oracle Corporation'],
  [0x0108, 0x0110, 'Amazon', 'Amazon.com, Inc.'],
  [0x0111, 0x0118, 'IBM', 'IBM'],
  [0x0119, 0x0128, 'Ericsson', 'Ericsson'],
  [0x0129, 0x0129, 'Oxide', 'Oxide Computer Company'],
  [0x0130, 0x0131, 'Cisco', 'Cisco Systems, Inc.'],
  [0x0132, 0x0135, 'Google', 'Google LLC'],
  [0x0136, 0x0136, 'InfoQuick', 'InfoQuick Global Connection Tech Ltd.'],
  [0x0137, 0x0140, 'Alibaba', 'Alibaba, inc'],
  [0x0141, 0x0144, 'Palo Alto Networks', 'Palo Alto Networks'],
  [0x0145, 0x0149, 'Huawei', 'Huawei Technologies Co., Ltd'],
  [0x014a, 0x014a, 'EMnify', 'EMnify GmbH'],
  [0x014b, 0x014b, 'Cilium', 'Cilium'],
  [0x014c, 0x014c, 'Corelight', 'Corelight, Inc.'],
  [0x014d, 0x014d, '1NCE', '1NCE GmbH'],
  [0x014e, 0x0157, 'CTYUN', 'Cloud of China Telecom (CTYUN)'],
  [0x0158, 0x0161, 'Volcengine', 'Volcengine, inc'],
  [0x0162, 0x0162, 'nat64.net', 'nat64.net'],
  [0x0163, 0x0163, 'Multi Segment SD-WAN', 'Multi Segment SD-WAN'],
  [0x0164, 0x0164, 'cPacket', 'cPacket Networks'],
  [0x0165, 0x0167, 'Tencent', 'Tencent'],
  [0x0168, 0x0168, 'ExtraHop', 'ExtraHop Networks, Inc.'],
  [0x0169, 0x0169, 'Soosan INT', 'Soosan INT Co., Ltd.'],
  [0x016a, 0x016c, 'Spacelink', 'Spacelink, Inc'],
  [0x016d, 0x016d, '617A', '617A Corporation'],
  [0x016e, 0x016e, 'Zscaler', 'Zscaler'],
  [0x016f, 0x0170, '7Generation', '7Generation'],
]

const FIRST_ASSIGNED = 0x0100
const FIRST_EXPERIMENTAL = 0xff00
const EXPERIMENTAL: OptionClassOwner = { name: 'Experimental Use', assignee: 'Experimental Use' }

function ownersByClass(): readonly (OptionClassOwner | undefined)[] {
  const owners: (OptionClassOwner | undefined)[] = []
  for (const [first, last, name, assignee] of ASSIGNMENTS) {
    const owner: OptionClassOwner = { name, assignee }
    for (let optionClass = first; optionClass <= last; optionClass++) owners[optionClass - FIRST_ASSIGNED] = owner
  }
  return owners
}

/** By optionClass - FIRST_ASSIGNED, so that a look-up is one index: it is made for every option of every record. */
const OWNERS: readonly (OptionClassOwner | undefined)[] = ownersByClass()

/** Who a GENEVE option class belongs to; `undefined` where it is not assigned. Source: IANA, "Geneve Option Class". */
export function optionClassOwner(optionClass: number): OptionClassOwner | undefined {
  if (optionClass >= FIRST_EXPERIMENTAL) return optionClass <= 0xffff ? EXPERIMENTAL : undefined
  return OWNERS[optionClass - FIRST_ASSIGNED]
}
