/** A way in which we differ from tshark 4.0.17, on purpose. */
export interface Deviation {
  readonly name: string
  readonly tshark: string
  readonly ours: string
  readonly reason: string
  /** Whether its rows count towards the share of rows that may deviate. */
  readonly isCounted: boolean
  readonly places: readonly Place[]
}

/** Frames of one capture that all deviate in the same cells: per column tshark's value and ours. */
export interface Place {
  readonly capture: string
  readonly frames: readonly number[]
  readonly cells: Readonly<Record<string, readonly [tshark: string, ours: string]>>
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** All there are. The conformance test fails on a difference that is not here, and on one here that does not occur. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    name: 'options before a cut',
    tshark: 'shows no option of a frame that is cut inside the option block',
    ours: 'shows all options that are whole',
    reason: 'a snap length is no reason to lose the endpoint id that stands in front of the cut; the issue says what is missing',
    isCounted: false,
    places: [
      {
        capture: 'ovs-snap64.pcap',
        frames: range(1, 40),
        cells: {
          'geneve.options': ['', '010801021111111122222222'],
          'geneve.option.length': ['40', '40,12'],
          'geneve.option.class': ['', '0x0108'],
          'geneve.option.type': ['', '0x01'],
          'geneve.option.unknown.data': ['', '1111111122222222'],
        },
      },
    ],
  },
  {
    name: 'GENEVE quoted in an ICMP error',
    tshark: 'decodes what the error quotes like a packet',
    ours: 'has an ICMP packet, which is not GENEVE',
    reason: 'the quoted packet was seen, and counted, when it went by; quoting does not send it again',
    isCounted: false,
    places: [
      {
        capture: 'ovs-outer-frag-v4.pcap',
        frames: [4, 8, 12, 14],
        cells: {
          row: ['GENEVE', ''],
          'geneve.version': ['0', ''],
          'geneve.flags.oam': ['0', ''],
          'geneve.flags.critical': ['1', ''],
          'geneve.proto_type': ['0x6558', ''],
          'geneve.vni': ['0x00f4a7', ''],
          'geneve.options': ['0102800100010002', ''],
          'geneve.option.class': ['0x0102', ''],
          'geneve.option.type': ['0x80', ''],
          'geneve.option.length': ['8,8', ''],
          'geneve.option.unknown.data': ['00010002', ''],
        },
      },
    ],
  },
  {
    name: 'BIG TCP',
    tshark: 'takes the IP and UDP lengths of 0 for errors and stops; later versions do not',
    ours: 'reads a length of 0 as the rest of the frame, as tcpdump 5 does',
    reason: 'Linux hands such packets to captures; what tcpdump 5 prints of these four is a test of its own',
    isCounted: true,
    places: ['ipv4-geneve-ipv4', 'ipv4-geneve-ipv6', 'ipv6-geneve-ipv4', 'ipv6-geneve-ipv6'].map((kind) => ({
      capture: `tcpdump-bigtcp-${kind}.pcap`,
      frames: [1],
      cells: { row: ['', 'GENEVE'] },
    })),
  },
  {
    name: 'inner fragments',
    tshark: 'reassembles them, and shows the TCP header and its whole segment with the last one',
    ours: 'shows the header with the fragment that has it, and the bytes that this fragment has of the segment',
    reason: 'a tap keeps no packets back; all counts are of what is in the frame',
    isCounted: true,
    places: [
      {
        capture: 'tcp-23-inner-frag.pcap',
        frames: [4],
        cells: {
          'tcp.srcport': ['', '40000'],
          'tcp.seq_raw': ['', '1001'],
          'tcp.ack_raw': ['', '5001'],
          'tcp.len': ['', '1460'],
          'tcp.flags': ['', '0x0010'],
          'tcp.window_size_value': ['', '1000'],
        },
      },
      {
        capture: 'tcp-23-inner-frag.pcap',
        frames: [5],
        cells: {
          'tcp.srcport': ['40000', ''],
          'tcp.seq_raw': ['1001', ''],
          'tcp.ack_raw': ['5001', ''],
          'tcp.len': ['2000', ''],
          'tcp.flags': ['0x0010', ''],
          'tcp.window_size_value': ['1000', ''],
        },
      },
    ],
  },
  {
    name: 'cut TCP header',
    tshark: 'shows all fields of a header of which 16 bytes are there, and only the ports of a shorter one',
    ours: 'shows ports and flags as far as their bytes are there, and what TCP analysis needs only of a whole header',
    reason: 'flags tell what a packet is for even where the window is cut; an analysis of half a header would guess',
    isCounted: true,
    places: [
      {
        capture: 'tcp-21-snap.pcap',
        frames: [6],
        cells: {
          'tcp.seq_raw': ['2001', ''],
          'tcp.ack_raw': ['5001', ''],
          'tcp.len': ['500', ''],
          'tcp.window_size_value': ['1000', ''],
        },
      },
      { capture: 'tcp-21-snap.pcap', frames: [7], cells: { 'tcp.flags': ['', '0x0010'] } },
    ],
  },
]
