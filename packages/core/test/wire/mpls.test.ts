import { expect, test } from 'vitest'
import { genevePacket, gre, ipv4, mpls, tcp } from '../../src/testing/testing.ts'
import { decoded, issueOf } from './decoded.ts'

test.each([0x8847, 0x8848])('MPLS in GRE, EtherType %i, is followed', (protocolType) => {
  const innermost = ipv4({ source: '198.51.100.1', destination: '198.51.100.2' }, tcp({ sourcePort: 1000 }))
  const packet = decoded(genevePacket({ segment: gre({ protocolType }, mpls([{ label: 16 }], innermost)) }))
  expect(issueOf(packet)).toEqual({ kind: 'none' })
  // gre, then mpls: see ENCAPSULATIONS.
  expect(packet).toMatchObject({ depth: 2, encapsulations: 0x31, protocol: 6, innerSourcePort: 1000 })
})
