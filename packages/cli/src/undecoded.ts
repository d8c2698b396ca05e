import type { DecodedPacket } from '@geneve-telemetry/core'
import { lengthsOf, type OptionTable, type UndecodedReason, whyUndecoded } from '@geneve-telemetry/core/vendors'

/** An option that has no value, and why. */
export interface Undecoded {
  /** Its place among the packet's options, from 0. */
  readonly option: number
  readonly vendor?: string
  readonly class: string
  readonly type: number
  readonly length: number
  readonly data: string
  readonly reason: UndecodedReason
}

/** The options of a packet that have no value, in order. */
export function undecodedOptions({ geneve }: DecodedPacket, table: OptionTable): readonly Undecoded[] {
  return (geneve?.options ?? []).flatMap((option, index) => {
    const reason = whyUndecoded(option, table)
    if (reason === undefined) return []
    const { class: optionClass, type, length, data } = option
    const vendor = ownerOf(optionClass, table) ?? option.vendor
    return [{ option: index, ...(vendor !== undefined && { vendor }), class: optionClass, type, length, data, reason }]
  })
}

/** The vendor whose table has options of a class. */
function ownerOf(optionClass: string, { vendors }: OptionTable): string | undefined {
  return vendors.find(({ options }) => options.some((layout) => layout.optionClass === Number(optionClass)))?.name
}

/** `VMware 0x0104/128: 4 bytes raw data 00000000: no public document says what is in it`. */
export function undecodedText(option: Undecoded, table: OptionTable): string {
  const { vendor = 'nobody', class: optionClass, type, length, data } = option
  return `${vendor} ${optionClass}/${type}: ${length} bytes raw data${data === '' ? '' : ` ${data}`}: ${reasonText(option, table)}`
}

function reasonText({ class: optionClass, type, reason }: Undecoded, { vendors }: OptionTable): string {
  switch (reason) {
    case 'unassigned-class':
      return 'the class is not assigned'
    case 'experimental-class':
      return 'the class is for experiments, and no table has it; see --vendor-table'
    case 'no-public-format':
      return 'no table has the class, its owner has not published a format; see --vendor-table'
    case 'unknown-type':
      return 'the class is known, this type is not'
    case 'other-length': {
      const lengths = vendors.flatMap(({ options }) =>
        options.filter((layout) => layout.optionClass === Number(optionClass) && layout.type === type).map(lengthsOf),
      )
      return `this type has ${lengths.map(([least, most]) => (least === most ? least : `${least} to ${most}`)).join(' or ')} bytes`
    }
    case 'reader-failed':
      return 'the table failed to read these bytes; see testVendor in @geneve-telemetry/core/testing'
    case 'no-value':
      return 'these bytes are no value of it'
    default:
      return `telemetry record: ${reason}`
  }
}
