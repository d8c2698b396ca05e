/** The face `@geneve-telemetry/core/encode`: GENEVE packets from their fields, and the writers in place for whoever makes packets at line rate. */
export { addressBytes } from './address.ts'
export { addWords, internetChecksum, udpChecksum } from './checksum.ts'
export { ETHERNET_LENGTH, writeEthernet } from './ethernet.ts'
export { encodeFrame, type FrameFields } from './frame.ts'
export { encodeGeneve, GENEVE_LENGTH, type GeneveFields, writeGeneve } from './geneve.ts'
export { IPV4_LENGTH, IPV6_LENGTH, writeIpv4, writeIpv6 } from './ip.ts'
export { UDP_LENGTH, writeUdp, writeUdpChecksum } from './udp.ts'
