import { writeFileSync } from 'node:fs'
import { pcap } from './pcap.ts'
import { traffic } from './traffic.ts'

// Writes the capture that the demonstration replays.
writeFileSync(new URL('demo.pcap', import.meta.url), pcap(traffic()))
