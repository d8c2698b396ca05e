import picocolors from 'picocolors'

export type Colors = ReturnType<typeof picocolors.createColors>
export type Color = Colors['dim']

/** Colours for a terminal that has some (https://no-color.org), none for files and pipes. */
export function colorsFor({ isTTY }: { readonly isTTY?: boolean }): Colors {
  const { NO_COLOR = '', TERM } = process.env
  return picocolors.createColors(isTTY === true && NO_COLOR === '' && TERM !== 'dumb')
}
