import type { FlowCounts } from '@geneve-telemetry/analytics'
import { type ByReason, imbalances, type OutletAccount, type PacketAccount, total } from '@geneve-telemetry/pipeline'
import type { Colors } from './colors.ts'
import { count } from './figures.ts'
import { type Cell, Table } from './table.ts'

/** Where all packets went. */
export function packetAccountText(account: PacketAccount, { dim, red }: Colors): string {
  const { read, geneve, notGeneve, damaged, filtered, analyzed, inEndedFlows, inLiveFlows, unattributed } = account
  const rows: Cell[][] = [
    ['read', count(read), ''],
    ['  GENEVE', count(geneve), ''],
    ['    analyzed', count(analyzed), ''],
    ['      in flows', count(inEndedFlows + inLiveFlows), ''],
    ['      of no flow', ...withReasons(unattributed)],
    ['    filtered', ...withReasons(filtered)],
    ['  not GENEVE', ...withReasons(notGeneve)],
    ['  damaged', ...withReasons(damaged)],
  ]
  const table = new Table([{ title: 'LEDGER', width: 22 }, { title: 'PACKETS', align: 'right', width: 9 }, { title: 'BY REASON' }])
  const problems = imbalances(account).map((problem) => red(`does not add up: ${problem}\n`))
  return table.all(rows, dim) + problems.join('')
}

/** What became of the records, outlet by outlet. */
export function recordAccountText(outlets: readonly OutletAccount[], { dim, red }: Colors): string {
  const table = new Table([
    { title: 'TARGET', width: 22 },
    { title: 'RECORDS OF' },
    { title: 'OFFERED', align: 'right' },
    { title: 'DELIVERED', align: 'right' },
    { title: 'REJECTED', align: 'right' },
    { title: 'DROPPED', align: 'right' },
    { title: 'QUEUED', align: 'right' },
  ])
  const lost = (amount: number): Cell => (amount === 0 ? '0' : { text: count(amount), color: red })
  const rows = outlets.flatMap(({ outlet, kinds }) => {
    const accounts = Object.entries(kinds)
    if (accounts.length === 0) return [[outlet, '-', '0', '0', '0', '0', '0']]
    return accounts.map(([kind, { offered, delivered, rejected, dropped, queued }]) => [
      outlet,
      kind,
      count(offered),
      count(delivered),
      lost(total(rejected)),
      lost(total(dropped)),
      lost(queued),
    ])
  })
  return table.all(rows, dim)
}

/** How many flows there were; what to do when the table was too small. */
export function flowCountsText({ opened, evicted, ambiguous }: FlowCounts): string {
  const parts = [`flows: ${count(opened)}`]
  if (evicted > 0) parts.push(`${count(evicted)} ended early to make room (see --max-flows)`)
  if (ambiguous > 0) parts.push(`${count(ambiguous)} packets might have been answers to several`)
  return `${parts.join('; ')}\n`
}

function withReasons(counts: ByReason): [sum: string, reasons: string] {
  const reasons = Object.entries(counts).map(([reason, packets]) => `${reason} ${count(packets ?? 0)}`)
  return [count(total(counts)), reasons.join(', ')]
}
