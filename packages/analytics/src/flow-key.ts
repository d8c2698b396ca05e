/**
 * What tells a packet's flow from others: the innermost 5-tuple, the VLANs, and the scope that keeps equal addresses apart. One object, filled in place for a
 * packet whose flow is not known yet. All numbers are 32 bits, signed; flow-layout.ts says what is in them.
 */
export class FlowKey {
  source = 0
  destination = 0
  ports = 0
  /** The same for a packet that goes back; -1, which no packet has, for messages that go one way. */
  portsBack = 0
  traits = 0
  vlans = 0
  scopeOption = -1
  scopeHigh = 0
  scopeLow = 0
  /** Of all but the scope, equal both ways. */
  tupleHash = 0
  /** Of all, equal both ways. */
  hash = 0
}
