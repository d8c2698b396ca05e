import type { Attributes, Measurement } from './measurement.ts'

/** What came through the tunnels for one value of an attribute. */
export interface TrafficOf {
  /** `Name.name` of the attribute: `vni`, `transport`, or the name of the vendor's field that is the scope. */
  readonly attribute: string
  readonly value: string | number
  readonly packets: number
  /** Of the innermost IP packets. */
  readonly bytes: number
  /** Of the outer frames. */
  readonly tunnelBytes: number
  readonly flows: number
}

/** The sums since the first packet; each list begins with the most packets. */
export interface TrafficTotals {
  readonly frames: number
  /** By outcome: `geneve`, `damaged`, or why a frame is not GENEVE. */
  readonly outcomes: Readonly<Record<string, number>>
  /** By the fields that keep equal addresses apart. */
  readonly scopes: readonly TrafficOf[]
  readonly vnis: readonly TrafficOf[]
  readonly transports: readonly TrafficOf[]
  readonly options: readonly { readonly vendor?: string; readonly class?: string; readonly type?: number; readonly options: number }[]
  readonly issues: readonly { readonly kind: string; readonly layer: string; readonly frames: number }[]
}

const SHARED = new Set(['vni', 'network_type', 'transport'])

export function trafficTotals(traffic: Measurement, option: Measurement, outcome: Measurement): TrafficTotals {
  const outcomes: Record<string, number> = {}
  const issues = new Map<string, { kind: string; layer: string; frames: number }>()
  let frames = 0
  for (const { attributes, sums } of rowsOf(outcome)) {
    const count = sums[0]!
    const { outcome, issue_kind: kind, issue_layer: layer } = attributes
    frames += count
    outcomes[String(outcome)] = (outcomes[String(outcome)] ?? 0) + count
    if (kind === undefined) continue
    const key = `${kind} ${layer}`
    issues.set(key, { kind: String(kind), layer: String(layer), frames: (issues.get(key)?.frames ?? 0) + count })
  }
  const by = (isOne: (attribute: string) => boolean) => grouped(rowsOf(traffic), isOne)
  return {
    frames,
    outcomes,
    scopes: by((attribute) => !SHARED.has(attribute)),
    vnis: by((attribute) => attribute === 'vni'),
    transports: by((attribute) => attribute === 'transport'),
    options: rowsOf(option)
      .map(({ attributes: { vendor, option_class: optionClass, option_type: type }, sums }) => ({
        ...(vendor !== undefined && { vendor: String(vendor) }),
        ...(optionClass !== undefined && { class: String(optionClass) }),
        ...(type !== undefined && { type: Number(type) }),
        options: sums[0]!,
      }))
      .sort((one, other) => other.options - one.options),
    issues: [...issues.values()].sort((one, other) => other.frames - one.frames),
  }
}

interface Row {
  readonly attributes: Attributes
  readonly sums: readonly number[]
}

function rowsOf(measurement: Measurement): Row[] {
  const rows: Row[] = []
  for (let row = 0; row < measurement.rows; row++) {
    const sums = measurement.figures.map((_, figure) => measurement.sums.total(row, figure))
    if (sums[0]! > 0) rows.push({ attributes: measurement.attributesOf(row), sums })
  }
  return rows
}

function grouped(rows: readonly Row[], isOne: (attribute: string) => boolean): TrafficOf[] {
  const groups = new Map<string, TrafficOf>()
  for (const { attributes, sums } of rows) {
    for (const [attribute, value] of Object.entries(attributes)) {
      if (!isOne(attribute)) continue
      const key = `${attribute} ${value}`
      const { packets, bytes, tunnelBytes, flows } = groups.get(key) ?? { packets: 0, bytes: 0, tunnelBytes: 0, flows: 0 }
      groups.set(key, {
        attribute,
        value,
        packets: packets + sums[0]!,
        bytes: bytes + sums[1]!,
        tunnelBytes: tunnelBytes + sums[2]!,
        flows: flows + sums[3]!,
      })
    }
  }
  return [...groups.values()].sort((one, other) => other.packets - one.packets)
}
