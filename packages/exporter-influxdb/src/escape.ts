// What each server makes of these characters differs, so none of them is sent. InfluxDB 1 and 2 keep two backslashes of a tag where InfluxDB 3 and
// VictoriaMetrics make them one, and in none of them can a tag end in one; a newline ends a line, in some servers within a quoted text too.
const SPECIAL = /[\\\p{Cc}]/gu
/** Printable ASCII that stands for itself, in keys and in strings. Nearly all texts are of it, and to see that costs far less than to replace nothing (bench: lines). */
const PLAIN_KEY = /^[!-+\--<>-[\]-~]*$/
const PLAIN_STRING = /^[ !#-[\]-~]*$/

/** C0 controls have pictures in Unicode: ␀ U+2400 to ␟ U+241F. */
const PICTURES = 0x2400
const PICTURE_OF_DELETE = '\u2421'
const FULLWIDTH_BACKSLASH = '\uff3c'

function pictured(character: string): string {
  if (character === '\\') return FULLWIDTH_BACKSLASH
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(PICTURES + code)
  // C1 controls have no pictures of their own.
  return code === 0x7f ? PICTURE_OF_DELETE : '\ufffd'
}

/** A measurement's name. */
export function measurementText(name: string): string {
  return name.replace(SPECIAL, pictured).replace(/[, ]/g, '\\$&')
}

/** A key of a tag or field, or a tag's value. */
export function keyText(text: string): string {
  if (PLAIN_KEY.test(text)) return text
  return text.replace(SPECIAL, pictured).replace(/[,= ]/g, '\\$&')
}

/** The value of a string field. Within quotes a backslash has one meaning for all, so it stays. */
export function stringText(text: string): string {
  if (PLAIN_STRING.test(text)) return `"${text}"`
  return `"${text.replace(SPECIAL, (character) => (character === '\\' ? character : pictured(character))).replace(/["\\]/g, '\\$&')}"`
}
