export const ETHERNET_LENGTH: number = 14

/**
 * |  destination 6  |  source 6  |  EtherType 2  |     IEEE 802.3, without a tag
 *
 * Hardware addresses are numbers of 48 bits. Returns where the payload begins.
 */
export function writeEthernet(view: DataView, at: number, destination: number, source: number, etherType: number): number {
  writeHardware(view, at, destination)
  writeHardware(view, at + 6, source)
  view.setUint16(at + 12, etherType)
  return at + ETHERNET_LENGTH
}

function writeHardware(view: DataView, at: number, address: number): void {
  view.setUint16(at, address / 0x1_0000_0000)
  view.setUint32(at + 2, address)
}
