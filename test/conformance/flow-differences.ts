/** A way in which the flows of a stream have other packets or bytes than tshark 4.0's stream has, on purpose. */
export interface FlowDifference {
  readonly name: string
  readonly tshark: string
  readonly ours: string
  readonly reason: string
  /** The streams in which it is so, by capture. */
  readonly places: Readonly<Record<string, readonly string[]>>
}

/** All there are. The test fails on a difference that is not here, and on one here that does not occur. */
export const FLOW_DIFFERENCES: readonly FlowDifference[] = [
  {
    name: 'one pair of ends in two scopes',
    tshark: 'knows the innermost addresses and ports only, and takes the packets of two endpoints or VNIs for one connection',
    ours: 'follows each by itself',
    reason: 'equal private addresses of different tenants are the rule',
    places: { 'tcp-17-two-vni.pcap': ['tcp 0', 'tcp 1'] },
  },
  {
    name: 'control packets',
    tshark: 'looks into packets with the O bit as into all others',
    ours: 'has no flow for them',
    reason: 'RFC 8926, 3.4: a control message is never user traffic',
    places: { 'ovs-custom-v4.pcapng': ['udp 5'], 'ovs-v6outer.pcapng': ['tcp 1'] },
  },
  {
    name: 'headers quoted in ICMP errors',
    tshark: 'counts an error that quotes a segment in the stream of that segment, where a quoted SYN may even begin one',
    ours: 'has the error in the ICMP flow of its sender',
    reason: 'a quoted packet was seen, and counted, when it went by',
    places: { 'tcp-20-icmp-quote.pcap': ['tcp 0', 'tcp 1', 'tcp 2'] },
  },
  {
    name: 'headers that are cut',
    tshark: 'has no stream for a segment of which fewer than 16 bytes of the TCP header were captured',
    ours: 'counts it in the flow that its ports name',
    reason: 'packets and bytes are known from the IP header, and the ports are there',
    places: { 'tcp-21-snap.pcap': ['tcp 0'] },
  },
  {
    name: 'fragments',
    tshark: 'has a segment in the stream once, in the packet that completes it, and of that packet the bytes',
    ours: 'counts each fragment as a packet of the flow whose ports the first one has, with its own bytes',
    reason: 'each fragment was sent; and nothing needs to be kept until the last one comes',
    places: { 'tcp-23-inner-frag.pcap': ['tcp 0'] },
  },
]
