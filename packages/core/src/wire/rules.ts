/** Roles that an option's data can play for flows; the vendor tables say which options have them. */
export const ROLE_SCOPE: number = 1
export const ROLE_COOKIE: number = 2
export const ROLE_RECORD: number = 3

/** One option whose data has a role: only an option of just this length counts. */
export interface OptionRole {
  readonly optionClass: number
  readonly type: number
  readonly length: number
  readonly role: 'scope' | 'cookie'
}

/** A class whose options, of whatever type and length, are the fields of a telemetry record. */
export interface RecordRole {
  readonly optionClass: number
  readonly role: 'record'
}

const SCOPE_LENGTH = 8
const COOKIE_LENGTH = 4

/** What the decoder has to know beyond RFC 8926, in the form in which the hot loop asks for it. */
export class DecodeRules {
  /** 1 at each UDP port that is GENEVE. */
  readonly ports: Uint8Array = new Uint8Array(65536)
  /** 0 for a class without roles, else the row in `roles`. */
  readonly roleRow: Uint8Array = new Uint8Array(65536)
  /** 256 entries a row, one per option type. */
  readonly roles: Uint8Array

  /** Throws RangeError on a port or role that cannot be. */
  constructor(ports: readonly number[] = [6081], roles: readonly (OptionRole | RecordRole)[] = []) {
    if (ports.length === 0) throw new RangeError('ports: at least one UDP port is needed, for example 6081')
    for (const port of ports) {
      if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`ports: ${port} is not a UDP port (1 to 65535)`)
      this.ports[port] = 1
    }
    const classes = [...new Set(roles.map((role) => role.optionClass))]
    if (classes.length > 255) throw new RangeError('roles: more than 255 option classes with roles')
    this.roles = new Uint8Array((classes.length + 1) * 256)
    for (const one of roles) {
      const row = classes.indexOf(one.optionClass) + 1
      this.roleRow[one.optionClass] = row
      if (one.role === 'record') {
        for (let at = row * 256; at < row * 256 + 256; at++) if (this.roles[at] === 0) this.roles[at] = ROLE_RECORD
        continue
      }
      const { optionClass, type, length, role } = one
      const needed = role === 'scope' ? SCOPE_LENGTH : COOKIE_LENGTH
      if (length !== needed) throw new RangeError(`roles: a ${role} has ${needed} bytes, option ${optionClass}/${type} has ${length}`)
      this.roles[row * 256 + type] = role === 'scope' ? ROLE_SCOPE : ROLE_COOKIE
    }
  }
}
