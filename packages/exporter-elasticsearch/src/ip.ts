const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const COLON = 0x3a
const DOT = 0x2e

/** Whether Elasticsearch takes the text for a field of the type `ip`; it refuses the whole document otherwise. */
export function isIp(text: string): boolean {
  return text.includes(':') ? isIpv6(text) : IPV4.test(text)
}

/** RFC 4291, 2.2: eight groups of one to four hex digits; once, `::` for the missing ones; the last two may be an IPv4 address. No zone. */
function isIpv6(text: string): boolean {
  let groups = 0
  let digits = 0
  let compressed = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === COLON) {
      if (digits > 0) {
        groups++
        digits = 0
        if (at === text.length - 1) return false
      } else if (text.charCodeAt(at - 1) === COLON) {
        if (compressed) return false
        compressed = true
      } else if (at > 0 || text.charCodeAt(1) !== COLON) {
        return false
      }
    } else if (code === DOT) {
      return isWhole(groups + 2, compressed) && IPV4.test(text.slice(at - digits))
    } else if (!isHexDigit(code) || ++digits > 4) {
      return false
    }
  }
  if (digits > 0) groups++
  return isWhole(groups, compressed)
}

function isWhole(groups: number, compressed: boolean): boolean {
  return compressed ? groups < 8 : groups === 8
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46)
}
