/** tcpdump.org's LINKTYPE_ numbers. */
export const LINKTYPE: Readonly<Record<'null' | 'ethernet' | 'raw' | 'loop' | 'sll' | 'ipv4' | 'ipv6' | 'sll2', number>> = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  sll: 113,
  ipv4: 228,
  ipv6: 229,
  sll2: 276,
}
