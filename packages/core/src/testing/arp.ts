import { hardwareBytes, ipv4Bytes } from './address.ts'
import { concat, uint8, uint16 } from './bytes.ts'

export interface ArpFields {
  /** 1 = request, 2 = reply. */
  readonly operation?: number
  readonly hardwareType?: number
  readonly protocolType?: number
  readonly hardwareLength?: number
  readonly protocolLength?: number
  readonly senderHardware?: string
  readonly sender?: string
  readonly targetHardware?: string
  readonly target?: string
}

/** An ARP packet for IPv4 over Ethernet (RFC 826). */
export function arp(fields: ArpFields): Uint8Array {
  return concat(
    uint16(fields.hardwareType ?? 1),
    uint16(fields.protocolType ?? 0x0800),
    uint8(fields.hardwareLength ?? 6),
    uint8(fields.protocolLength ?? 4),
    uint16(fields.operation ?? 1),
    hardwareBytes(fields.senderHardware ?? '02:00:00:00:00:01'),
    ipv4Bytes(fields.sender ?? '10.0.0.1'),
    hardwareBytes(fields.targetHardware ?? '00:00:00:00:00:00'),
    ipv4Bytes(fields.target ?? '10.0.0.2'),
  )
}
