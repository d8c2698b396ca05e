/** tcpdump.org's LINKTYPE_ numbers. */
export const LINKTYPE = { null: 0, ethernet: 1, raw: 101, loop: 108, sll: 113, ipv4: 228, ipv6: 229, sll2: 276 } as const
