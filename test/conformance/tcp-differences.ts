/** A way in which our verdicts differ from tshark 4.0's on purpose, and all packets of the captures in which they do. */
export interface TcpDifference {
  readonly name: string
  readonly tshark: string
  readonly ours: string
  readonly reason: string
  readonly packets: readonly TcpDifferentPacket[]
}

/** What either says of one packet, as `findingText` writes it. */
export interface TcpDifferentPacket {
  readonly capture: string
  readonly frame: number
  readonly tshark: string
  readonly ours: string
}

const of = (capture: string, ...packets: readonly (readonly [frame: number, tshark: string, ours: string])[]): TcpDifferentPacket[] =>
  packets.map(([frame, tshark, ours]) => ({ capture, frame, tshark, ours }))

/** All there are. The test fails on a difference that is not here, and on one here that does not occur. */
export const TCP_DIFFERENCES: readonly TcpDifference[] = [
  {
    name: 'one pair of ends in two scopes',
    tshark: 'knows the innermost addresses and ports only, and takes the packets of two endpoints or VNIs for one connection',
    ours: 'follows each by itself',
    reason: 'equal private addresses of different tenants are the rule: verdicts on both together are of neither',
    packets: of(
      'tcp-17-two-vni.pcap',
      [2, 'reused_ports', 'nothing'],
      [3, 'nothing', 'ack 0.015'],
      [4, 'lost_segment, reused_ports; ack 0.015', 'ack 0.015'],
      [5, 'ack 0.005; initial 0.019', 'ack 0.005; initial 0.02'],
      [6, 'ack_lost_segment; ack 0.005; initial 0.019', 'ack 0.005; initial 0.02'],
      [7, 'spurious_retransmission; initial 0.019; flight 100', 'initial 0.02; flight 100'],
      [8, 'initial 0.019', 'initial 0.02; flight 200'],
      [9, 'ack 0.015; initial 0.019', 'ack 0.015; initial 0.02'],
      [10, 'ack 0.015; initial 0.019', 'ack 0.015; initial 0.02'],
    ),
  },
  {
    name: 'headers quoted in ICMP errors',
    tshark: 'takes a quoted SYN for one that begins a connection, also for the times that it counts from it',
    ours: 'has an ICMP packet, which changes nothing',
    reason: 'the quoted packet was seen when it went by; quoting does not send it again',
    packets: of(
      'tcp-20-icmp-quote.pcap',
      [11, 'reused_ports', 'nothing'],
      [12, 'initial 0.001; flight 10', 'initial 0.02; flight 10'],
      [14, 'initial 0.001; flight 20', 'initial 0.02; flight 20'],
    ),
  },
  {
    name: 'cut TCP options',
    tshark: 'remembers such a packet, and says nothing of it',
    ours: 'says what its header tells',
    reason: 'the fixed header is whole, and has all that the verdicts are made of',
    packets: [
      ...of('ovs-snap160.pcap', [22, 'nothing', 'ack 0.000276'], [40, 'nothing', 'duplicate_ack; ack 0.000208; initial 0.000629']),
      ...of('tcp-21-snap.pcap', [5, 'nothing', 'window_full; initial 0.02; flight 1000']),
    ],
  },
  {
    name: 'cut TCP header',
    tshark: 'remembers a segment of whose header 16 bytes are there (frame 6)',
    ours: 'does not know it, so that there is a gap in its place',
    reason: 'the analysis takes whole headers only, as the decoder says where one is cut',
    packets: of(
      'tcp-21-snap.pcap',
      [8, 'ack 0.016; initial 0.02', 'ack_lost_segment; initial 0.02'],
      [9, 'initial 0.02; flight 500', 'lost_segment; initial 0.02'],
      [10, 'ack 0.015; initial 0.02', 'ack_lost_segment; ack 0.015; initial 0.02'],
    ),
  },
  {
    name: 'inner fragments',
    tshark: 'reassembles them, and judges the whole segment with the last one',
    ours: 'says nothing of fragments',
    reason: 'a tap keeps no packets back, and the first fragment does not say how long the segment is',
    packets: of(
      'tcp-23-inner-frag.pcap',
      [5, 'initial 0.02; flight 2000', 'nothing'],
      [6, 'ack 0.01499; initial 0.02', 'ack_lost_segment; initial 0.02'],
    ),
  },
  {
    name: 'control packets',
    tshark: 'follows connections in packets with the O bit like others',
    ours: 'puts them into no flow',
    reason: 'they are from one tunnel endpoint to the other (RFC 8926, 3.4), not traffic that the tunnel carries',
    packets: of(
      'ovs-v6outer.pcapng',
      [40, 'ack 0.000176956', 'nothing'],
      [41, 'ack 0.000251457; initial 0.000428413', 'nothing'],
      [42, 'initial 0.000428413; flight 33', 'nothing'],
      [43, 'ack 0.000034201; initial 0.000428413', 'nothing'],
      [44, 'initial 0.000428413; flight 1228', 'nothing'],
      [45, 'initial 0.000428413; flight 2456', 'nothing'],
      [46, 'initial 0.000428413; flight 2541', 'nothing'],
      [47, 'ack 0.000110335; initial 0.000428413', 'nothing'],
      [49, 'ack 0.000215283; initial 0.000428413', 'nothing'],
      [50, 'ack 0.000258248; initial 0.000428413', 'nothing'],
      [51, 'ack 0.001693009; initial 0.000428413', 'nothing'],
      [52, 'ack 0.000095773; initial 0.000428413', 'nothing'],
    ),
  },
  {
    name: 'BIG TCP',
    tshark: 'takes the IP and UDP lengths of 0 for errors and stops; later versions do not',
    ours: 'reads a length of 0 as the rest of the frame',
    reason: 'Linux hands such packets to captures',
    packets: ['ipv4-geneve-ipv4', 'ipv4-geneve-ipv6', 'ipv6-geneve-ipv4', 'ipv6-geneve-ipv6'].flatMap((kind) =>
      of(`tcpdump-bigtcp-${kind}.pcap`, [1, 'nothing', 'flight 80000']),
    ),
  },
]
