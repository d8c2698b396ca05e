export { PacketLines } from './packet-line.ts'
export { main } from './program.ts'
