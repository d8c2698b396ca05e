/** A query, as its store reads it, and what its series are called, with the placeholders that Grafana has for the store. */
export interface Query {
  readonly text: string
  readonly legend?: string
}

/** One answer on a dashboard of Grafana. */
export interface Panel {
  readonly title: string
  /** What the operator sees there, and what would be wrong. */
  readonly description: string
  /** `figure` is one number, `lines` are series over time, `areas` the same in a stack, `rows` are a table. */
  readonly as: 'figure' | 'lines' | 'areas' | 'rows'
  /** Grafana's name of the unit. */
  readonly unit: string
  /** Of 24 columns. */
  readonly columns: number
  readonly queries: readonly Query[]
}

/** Panels that answer one question, under a heading. */
export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** How often the demonstration's program exports. A rate over less than that would show its rhythm, not the traffic. */
export const INTERVAL = '10s'
