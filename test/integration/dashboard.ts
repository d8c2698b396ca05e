import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../command.ts'

interface Target {
  readonly expr?: string
  readonly query?: string
  readonly instant?: boolean
}

/** A query of a panel, as it stands in the dashboard that Grafana is given. */
export interface PanelQuery {
  readonly panel: string
  readonly text: string
  /** Whether it is asked for a moment and not for a time range. */
  readonly instant: boolean
}

/** All queries of a dashboard under docker/grafana/dashboards. */
export function queriesOf(name: string): readonly PanelQuery[] {
  const text = readFileSync(join(ROOT, `docker/grafana/dashboards/${name}.json`), 'utf8')
  const { panels } = JSON.parse(text) as { panels: readonly { title: string; targets?: readonly Target[] }[] }
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, query, instant }) => ({ panel: title, text: expr ?? query ?? '', instant: instant === true })),
  )
}
