/** tcpdump.org's LINKTYPE_ numbers of the links that are decoded; a frame of another one is `unsupported-link`. */
export const LINK_TYPES: readonly number[] = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276]
