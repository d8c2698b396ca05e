import { addValue, describeIssue, mergeTelemetry, PacketDescriber } from './describe.ts'
import { type DecoderReason, type EnterpriseDecoder, EnterpriseDecoders } from './enterprise-decoders.ts'
import type { DecodedPacket, PacketOption } from './telemetry/packet.ts'
import type { ToldValue, ToldValues } from './telemetry/told.ts'
import { builtInVendors } from './vendors/built-in.ts'
import { OptionTable } from './vendors/option-table.ts'
import { type UndecodedReason, whyUndecoded } from './vendors/undecoded.ts'
import type { Vendor } from './vendors/vendor.ts'
import { decodeDatagram, decodePacket } from './wire/decode.ts'
import type { DecodeIssue } from './wire/issue.ts'
import { LINK_TYPES } from './wire/link-types.ts'
import { IS_DAMAGED, IS_GENEVE, NOT_GENEVE_REASONS, type NotGeneveReason, PacketView } from './wire/packet-view.ts'
import { DecodeRules } from './wire/rules.ts'

export interface ParserOptions {
  /** tcpdump.org's LINKTYPE_ number of the frames given (1 = Ethernet, 101 = raw IP). Without it, bytes are a GENEVE datagram: the payload of a UDP packet. */
  readonly linkType?: number
  /** Option tables to decode with once enterprise extensions are on; the built-in ones by default. */
  readonly vendors?: readonly Vendor[]
  /** UDP ports that carry GENEVE; [6081] by default. */
  readonly ports?: readonly number[]
}

/** Options of one vendor's class in one packet, or one option that nobody decodes. */
export interface EnterpriseOption {
  /** As the registry's short name has it; 'Unknown' where the class is not assigned. */
  readonly vendorName: string
  readonly decoded: boolean
  /** The fields by name, where decoded. */
  readonly decodedData?: ToldValues
  /** Why not, where not decoded. */
  readonly undecoded?: UndecodedReason | DecoderReason | 'extensions-off'
  /** The first of `options`. */
  readonly option: PacketOption
  /** All raw options that this was decoded from. */
  readonly options: readonly PacketOption[]
}

export interface ParsedPacket extends DecodedPacket {
  readonly enterpriseOptions: readonly EnterpriseOption[]
}

/** Why there is no packet: the bytes are broken, or (whole frames only) they are not GENEVE. */
export type ParseFailure = DecodeIssue | { readonly kind: 'not-geneve'; readonly reason: NotGeneveReason }

export type ParseResult = { readonly ok: true; readonly value: ParsedPacket } | { readonly ok: false; readonly issue: ParseFailure }

/**
 * The friendly face for one packet in the hand. Vendor extensions are off until they are enabled: then options are named and decoded.
 *
 * A packet whose GENEVE header can be read with all its options is `ok`, whatever is wrong behind it: see `value.issue`.
 */
export class GeneveParser {
  readonly #linkType: number | undefined
  readonly #table: OptionTable
  readonly #decoding: PacketDescriber
  readonly #raw = new PacketDescriber(new OptionTable([]))
  readonly #decoders = new EnterpriseDecoders()
  #isEnabled = false
  readonly #packet: PacketView

  /** Throws on a link type, a port or a vendor table that cannot be. */
  constructor({ linkType, vendors = builtInVendors, ports = [6081] }: ParserOptions = {}) {
    if (linkType !== undefined && !LINK_TYPES.includes(linkType))
      throw new RangeError(`linkType: ${linkType} is not decoded; allowed are ${LINK_TYPES.join(', ')}`)
    this.#linkType = linkType
    this.#table = new OptionTable(vendors)
    this.#decoding = new PacketDescriber(this.#table)
    this.#packet = new PacketView(new DecodeRules(ports))
  }

  enableEnterpriseExtensions(): void {
    this.#isEnabled = true
  }

  disableEnterpriseExtensions(): void {
    this.#isEnabled = false
  }

  /**
   * Has the options of a class decoded by a function of one's own while enterprise extensions are enabled, in place of the vendors' tables and of an earlier
   * function. Throws on what is no class or no function.
   */
  addEnterpriseDecoder(optionClass: number, decoder: EnterpriseDecoder): void {
    this.#decoders.add(optionClass, decoder)
  }

  /** How often the decoder of a class threw, or returned what are no fields, by class. */
  get decoderFailures(): ReadonlyMap<number, number> {
    return this.#decoders.failures
  }

  /**
   * Decodes a GENEVE datagram, or a whole frame where the parser or the call has a link type. Never throws on what the bytes say, only where
   * they are no Uint8Array (a Buffer is one). Results are read-only, as their types say: packets with the same header share what describes it.
   */
  parsePacket(bytes: Uint8Array, { linkType = this.#linkType }: { readonly linkType?: number | undefined } = {}): ParseResult {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('parsePacket: bytes: a Uint8Array is needed, for example a Buffer')
    const packet = this.#packet
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const outcome =
      linkType === undefined ? decodeDatagram(view, 0, bytes.byteLength, packet) : decodePacket(view, 0, bytes.byteLength, linkType, packet)
    if (outcome === IS_DAMAGED) return { ok: false, issue: describeIssue(packet) }
    if (outcome !== IS_GENEVE) return { ok: false, issue: { kind: 'not-geneve', reason: NOT_GENEVE_REASONS[outcome] as NotGeneveReason } }
    return { ok: true, value: this.#isEnabled ? this.#decoded(packet) : this.#undecoded(packet) }
  }

  #undecoded(packet: PacketView): ParsedPacket {
    const described = this.#raw.describe(packet)
    return { ...described, enterpriseOptions: enterpriseOptions(described.geneve?.options ?? [], () => 'extensions-off') }
  }

  /** Decoders of one's own are asked here, for each packet anew, since what is described is shared by packets with the same header. */
  #decoded(packet: PacketView): ParsedPacket {
    const described = this.#decoding.describe(packet)
    const reasons = new Map<PacketOption, DecoderReason>()
    const why = (option: PacketOption): NonNullable<EnterpriseOption['undecoded']> | undefined =>
      reasons.get(option) ?? whyUndecoded(option, this.#table)
    const { geneve, telemetry: _, ...rest } = described
    if (geneve?.options.some((option) => this.#decoders.isFor(option)) !== true)
      return { ...described, enterpriseOptions: enterpriseOptions(geneve?.options ?? [], why) }
    const options = geneve.options.map((option) => {
      if (!this.#decoders.isFor(option)) return option
      const { option: decoded, reason } = this.#decoders.decode(option)
      if (reason !== undefined) reasons.set(decoded, reason)
      return decoded
    })
    const telemetry = mergeTelemetry(options)
    return {
      ...rest,
      geneve: { ...geneve, options },
      ...(telemetry !== undefined && { telemetry }),
      enterpriseOptions: enterpriseOptions(options, why),
    }
  }
}

function enterpriseOptions(
  options: readonly PacketOption[],
  why: (option: PacketOption) => EnterpriseOption['undecoded'],
): EnterpriseOption[] {
  const entries: EnterpriseOption[] = []
  const byClass = new Map<string, { data: Record<string, ToldValue>; options: PacketOption[] }>()
  for (const option of options) {
    const { vendor: vendorName = 'Unknown', name, value } = option
    if (name === undefined || value === undefined) {
      const undecoded = why(option)
      entries.push({ vendorName, decoded: false, ...(undecoded !== undefined && { undecoded }), option, options: [option] })
      continue
    }
    let group = byClass.get(option.class)
    if (group === undefined) {
      group = { data: {}, options: [] }
      byClass.set(option.class, group)
      entries.push({ vendorName, decoded: true, decodedData: group.data, option, options: group.options })
    }
    group.options.push(option)
    addValue(group.data, name, value)
  }
  return entries
}
