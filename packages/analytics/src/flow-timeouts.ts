/** When flows end, or are cut into parts, by the packets' time; all in whole seconds, 1 to 86,400. */
export interface FlowTimeouts {
  /** A packet that comes so long after the first one of a part begins the next part; 60 if not given. */
  readonly activeSeconds?: number
  /** A TCP connection ends when more than so many seconds pass without a packet; 350 if not given, as load balancers in clouds have it. */
  readonly tcpIdleSeconds?: number
  /** All other flows; 120 if not given. */
  readonly idleSeconds?: number
  /** A TCP connection after a FIN from both sides, or an RST; 10 if not given. */
  readonly closedSeconds?: number
}

const DEFAULTS = { activeSeconds: 60, tcpIdleSeconds: 350, idleSeconds: 120, closedSeconds: 10 } as const
const DAY_SECONDS = 86_400

/** Throws RangeError naming the option and what is allowed. */
export function checkedTimeouts(timeouts: FlowTimeouts = {}): Required<FlowTimeouts> {
  const checked = { ...DEFAULTS, ...timeouts }
  for (const [name, seconds] of Object.entries(checked)) {
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > DAY_SECONDS)
      throw new RangeError(`timeouts: ${name}: ${seconds} is not a whole number of seconds from 1 to ${DAY_SECONDS}`)
  }
  return checked
}
