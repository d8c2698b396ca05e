import { type SortId, sortsOf, VIEWS, type ViewId, viewOf } from './columns.ts'
import type { Key } from './keys.ts'

/** What the operator has chosen to look at. */
export interface Outlook {
  readonly view: ViewId
  readonly sort: SortId
  /** The first row shown, from 0. */
  readonly offset: number
  readonly isPaused: boolean
}

export const FIRST_OUTLOOK: Outlook = { view: 'endpoints', sort: 'byteRate', offset: 0, isPaused: false }

/** How many rows of a view a screen shows, and how wide they are. */
export interface Room {
  readonly shown: number
  readonly columns: number
}

/** What is looked at after a key, of so many rows. The same object for a key without a meaning. */
export function afterKey(outlook: Outlook, key: Key, rows: number, { shown, columns }: Room): Outlook {
  const { view, sort, offset } = outlook
  const scrolledTo = (to: number): Outlook => ({ ...outlook, offset: Math.max(0, Math.min(to, rows - shown)) })
  switch (key) {
    case 'up':
      return scrolledTo(offset - 1)
    case 'down':
      return scrolledTo(offset + 1)
    case 'page-up':
      return scrolledTo(offset - shown)
    case 'page-down':
      return scrolledTo(offset + shown)
    case 'home':
      return scrolledTo(0)
    case 'end':
      return scrolledTo(rows)
    case ' ':
    case 'p':
      return { ...outlook, isPaused: !outlook.isPaused }
    case 's':
      return { ...outlook, sort: nextOf(sortsOf(view, columns), sort, 1), offset: 0 }
    case 'S':
      return { ...outlook, sort: nextOf(sortsOf(view, columns), sort, -1), offset: 0 }
    case 'tab':
      return viewed(outlook, nextOf(VIEWS, viewOf(view), 1).id, columns)
    default: {
      const chosen = VIEWS.find((one) => one.key === key)
      return chosen === undefined ? outlook : viewed(outlook, chosen.id, columns)
    }
  }
}

/** The same when there are fewer rows or more room now. */
export function within(outlook: Outlook, rows: number, shown: number): Outlook {
  return { ...outlook, offset: Math.max(0, Math.min(outlook.offset, rows - shown)) }
}

/** Another view is sorted likewise if it can be. */
function viewed(outlook: Outlook, view: ViewId, columns: number): Outlook {
  const sorts = sortsOf(view, columns)
  return { ...outlook, view, sort: sorts.includes(outlook.sort) ? outlook.sort : sorts[0]!, offset: 0 }
}

function nextOf<T>(all: readonly T[], one: T, step: 1 | -1): T {
  return all.at((all.indexOf(one) + step) % all.length)!
}
