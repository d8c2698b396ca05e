import { headers } from './headers.ts'
import { inners } from './inners.ts'
import { links } from './links.ts'
import { outers } from './outers.ts'
import type { SamplePacket } from './sample-packet.ts'
import { tunnels } from './tunnels.ts'

/** One of every kind of packet that the decoder is there for: what is true of any packet has to be true of these. */
export function samplePackets(): readonly SamplePacket[] {
  return [...links(), ...outers(), ...headers(), ...inners(), ...tunnels()]
}
