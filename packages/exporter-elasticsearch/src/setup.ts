import { refusal } from './bulk-answer.ts'
import { connectionFailure, type ServerName } from './server.ts'
import { type TemplateOptions, templates } from './templates.ts'
import type { BulkResponse, BulkTransport } from './transport.ts'

export interface SetupOptions extends TemplateOptions {
  readonly server: ServerName
  /** What stands before each message. */
  readonly place: string
}

/** What servers say to a mapping with a type that they do not have. */
const NO_UNSIGNED = /No handler for type \[unsigned_long\]/

/**
 * Puts the templates, component templates first. Twice is as once: a template that is there is replaced by the same; only what is the operator's own is left as
 * it is.
 *
 * @returns what is there now, a line each
 * @throws Error for the operator: the backend's own reason
 */
export async function installTemplates(transport: BulkTransport, options: SetupOptions, signal: AbortSignal): Promise<readonly string[]> {
  const lines: string[] = []
  for (const template of templates(options)) {
    const { kind, name, keep } = template
    const path = `/_${kind}_template/${name}`
    const what = `${kind} template ${name}`
    if (keep && (await request(path, undefined)).status === 200) {
      lines.push(`${what} (yours, left as it is)`)
      continue
    }
    const response = await request(path, template.body)
    if (response.status === 400 && options.unsigned === undefined && NO_UNSIGNED.test(response.text)) {
      const all = await installTemplates(transport, { ...options, unsigned: 'long' }, signal)
      return [...all, 'this server has no type unsigned_long: documents with a number above 2^63 - 1 are rejected']
    }
    if (response.status !== 200) throw new Error(`${options.place}: ${what} cannot be installed: ${refusal(response)}`)
    lines.push(what)
  }
  return lines

  async function request(path: string, body: object | undefined): Promise<BulkResponse> {
    try {
      if (body === undefined) return await transport.request({ method: 'GET', path }, signal)
      const bytes = new TextEncoder().encode(JSON.stringify(body))
      return await transport.request({ method: 'PUT', path, headers: { 'content-type': 'application/json' }, body: bytes }, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw new Error(`${options.place}: ${connectionFailure(error, options.server)}`)
    }
  }
}
