/** Whose server it is: InfluxDB 1 from 1.6, 2, 3, or VictoriaMetrics. */
export type Dialect = 'v1' | 'v2' | 'v3' | 'victoriametrics'

/** Where the points go: InfluxDB 2 has buckets of organizations, the others have databases. */
export interface Place {
  readonly dialect: Dialect
  readonly org?: string | undefined
  readonly bucket?: string | undefined
  readonly database?: string | undefined
}

interface Rules {
  readonly needs: readonly (keyof Place)[]
  readonly takes: readonly (keyof Place)[]
  readonly path: string
  /** Times are always nanoseconds, and each server is told so: InfluxDB 3 would guess. */
  query(place: Place): Readonly<Record<string, string | undefined>>
}

const RULES: Readonly<Record<Dialect, Rules>> = {
  v1: { needs: ['database'], takes: ['database'], path: '/write', query: ({ database }) => ({ db: database, precision: 'ns' }) },
  v2: {
    needs: ['org', 'bucket'],
    takes: ['org', 'bucket'],
    path: '/api/v2/write',
    query: ({ org, bucket }) => ({ org, bucket, precision: 'ns' }),
  },
  v3: {
    needs: ['database'],
    takes: ['database'],
    path: '/api/v3/write_lp',
    // It knows no short names of precisions here. Without `no_sync` it answers when the points are safe.
    query: ({ database }) => ({ db: database, precision: 'nanosecond', accept_partial: 'true', no_sync: 'false' }),
  },
  // There are no databases: a name becomes the label `db` of all series.
  victoriametrics: { needs: [], takes: ['database'], path: '/write', query: ({ database }) => ({ db: database, precision: 'ns' }) },
}

export const DIALECTS: readonly Dialect[] = ['v1', 'v2', 'v3', 'victoriametrics']

/** @throws TypeError for what is no dialect */
export function dialectOf(text: string): Dialect {
  const dialect = DIALECTS.find((known) => known === text)
  if (dialect === undefined) throw new TypeError(`dialect: '${text}' is none of ${DIALECTS.join(', ')}`)
  return dialect
}

/** What a dialect says about where points go: `org`, `bucket`, `database`. */
export function placeOptions(dialect: Dialect): readonly string[] {
  return RULES[dialect].takes
}

/**
 * Path and query of a write.
 *
 * @throws TypeError if the dialect needs something that is not there, or has no such thing
 */
export function writePath(place: Place): string {
  const { needs, takes, path, query } = RULES[place.dialect]
  for (const option of ['org', 'bucket', 'database'] as const) {
    const value = place[option]
    if (needs.includes(option) && value === undefined) throw new TypeError(`${option}: dialect ${place.dialect} needs one`)
    if (!takes.includes(option) && value !== undefined) {
      throw new TypeError(`${option}: dialect ${place.dialect} has none; it takes ${takes.join(' and ')}`)
    }
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw new TypeError(`${option}: a name has at least one character`)
  }
  const pairs = Object.entries(query(place)).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return `${path}?${new URLSearchParams(pairs)}`
}
