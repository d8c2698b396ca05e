/** Without what may be a secret: the user and password of a URL, and the value of a parameter that is called like one. What is shown to people goes through here. */
export function redacted(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/?#]*@/g, '://***@')
    .replaceAll(/([?&][^=&\s]*(?:token|pass|key|secret|auth)[^=&\s]*=)[^&\s]*?(?=:?(?:[&\s]|$))/gi, '$1***')
}
