import type { FlowCounts, ToldCounts } from '@geneve-telemetry/analytics'
import { type ByReason, imbalances, type KindAccount, type OutletAccount, type PacketAccount, total } from '@geneve-telemetry/pipeline'
import type { Colors } from './colors.ts'
import { count, counted } from './figures.ts'
import { type Cell, Table } from './table.ts'

/** Where all packets went. */
export function packetAccountText(account: PacketAccount, { dim, red }: Colors): string {
  const { read, geneve, notGeneve, damaged, filtered, sampledOut = 0, duplicate, analyzed } = account
  const { inEndedFlows, inLiveFlows, unattributed, ofUnknownAccount } = account
  const rows: Cell[][] = [
    ['read', count(read), ''],
    ['  GENEVE', count(geneve), ''],
    ['    analyzed', count(analyzed), ofUnknownAccount === undefined ? '' : `of an unknown account ${count(ofUnknownAccount)}`],
    ['      in flows', count(inEndedFlows + inLiveFlows), ''],
    ['      of no flow', ...withReasons(unattributed)],
    ['    filtered', ...withReasons(filtered)],
    ...(sampledOut > 0 ? [['    not in the sample', count(sampledOut), '']] : []),
    ...(total(duplicate) > 0 ? [['    seen before', ...withReasons(duplicate)]] : []),
    ['  not GENEVE', ...withReasons(notGeneve)],
    ['  damaged', ...withReasons(damaged)],
  ]
  const table = new Table([{ title: 'LEDGER', width: 22 }, { title: 'PACKETS', align: 'right', width: 9 }, { title: 'BY REASON' }])
  const problems = imbalances(account).map((problem) => red(`does not add up: ${problem}\n`))
  return table.all(rows, dim) + problems.join('')
}

/** A column of the record ledger; one that is seldom anything but 0 is left out then. */
interface Figure {
  readonly title: string
  readonly of: (account: KindAccount) => number
  readonly isSeldom?: true
  readonly isLoss?: true
}

const FIGURES: readonly Figure[] = [
  { title: 'OFFERED', of: ({ offered }) => offered },
  { title: 'RECOVERED', of: ({ recovered }) => recovered, isSeldom: true },
  { title: 'DELIVERED', of: ({ delivered }) => delivered },
  { title: 'REJECTED', of: ({ rejected }) => total(rejected), isLoss: true },
  { title: 'DROPPED', of: ({ dropped }) => total(dropped), isLoss: true },
  { title: 'QUEUED', of: ({ queued }) => queued, isLoss: true },
  { title: 'UNCERTAIN', of: ({ uncertain }) => uncertain, isSeldom: true },
  { title: 'DEAD LETTERS', of: ({ deadLettered }) => deadLettered, isSeldom: true },
]

/** What became of the records, outlet by outlet. */
export function recordAccountText(outlets: readonly OutletAccount[], { dim, red }: Colors): string {
  const all = outlets.flatMap(({ kinds }) => Object.values(kinds))
  const figures = FIGURES.filter(({ of, isSeldom }) => !isSeldom || all.some((account) => of(account) !== 0))
  const table = new Table([
    { title: 'TARGET', width: 22 },
    { title: 'RECORDS OF' },
    ...figures.map(({ title }) => ({ title, align: 'right' as const })),
  ])
  const rows = outlets.flatMap(({ outlet, kinds }): Cell[][] => {
    const accounts = Object.entries(kinds)
    if (accounts.length === 0) return [[outlet, '-', ...figures.map(() => '0')]]
    return accounts.map(([kind, account]) => [
      outlet,
      kind,
      ...figures.map(
        ({ of, isLoss }): Cell => (isLoss && of(account) !== 0 ? { text: count(of(account)), color: red } : count(of(account))),
      ),
    ])
  })
  return table.all(rows, dim)
}

/** How many flows there were; what to do when the table was too small. */
export function flowCountsText({ opened, evicted, ambiguous, unjoined }: FlowCounts): string {
  const parts = [`flows: ${count(opened)}`]
  if (evicted > 0) parts.push(`${count(evicted)} ended early to make room (see --max-flows)`)
  if (ambiguous > 0) parts.push(`${count(ambiguous)} packets might have been answers to several`)
  if (unjoined > 0) parts.push(`${count(unjoined)} might be answers that came through another endpoint`)
  return `${parts.join('; ')}\n`
}

/** How many subjects telemetry records told of; nothing where there was none. */
export function toldCountsText({ opened, evicted }: ToldCounts): string {
  if (opened === 0) return ''
  return `told of: ${counted(opened, 'subject')}${evicted > 0 ? `; ${count(evicted)} ended early to make room` : ''}\n`
}

function withReasons(counts: ByReason): [sum: string, reasons: string] {
  const reasons = Object.entries(counts).map(([reason, packets]) => `${reason} ${count(packets ?? 0)}`)
  return [count(total(counts)), reasons.join(', ')]
}
