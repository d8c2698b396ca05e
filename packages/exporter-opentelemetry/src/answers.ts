import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import { type AgentOptions, Agent as TlsAgent } from 'node:https'

/** What a backend did not take of an export that it answered with 200. */
export interface PartialSuccess {
  /** Data points or log records. */
  readonly rejected: number
  readonly reason: string
}

/** Node tells here of each answer that a request of this process gets; the SDK's exporters tell no more of it than the status. */
const CHANNEL = 'http.client.response.finish'
/** More than a backend has to say. */
const MAX_BODY_BYTES = 65_536
const REASON_LENGTH = 200

/** What a server answered last to the requests of one agent. */
export class Answers {
  readonly agent: Agent
  #type = ''
  #chunks: Buffer[] = []
  #length = 0
  readonly #see = (message: unknown): void => {
    const { request, response } = message as {
      readonly request: ClientRequest & { readonly agent?: Agent }
      readonly response: IncomingMessage
    }
    if (request.agent !== this.agent) return
    this.#type = response.headers['content-type'] ?? ''
    this.#chunks = []
    this.#length = 0
    response.on('data', (chunk: Buffer) => {
      this.#length += chunk.byteLength
      if (this.#length <= MAX_BODY_BYTES) this.#chunks.push(chunk)
    })
  }

  constructor(protocol: string, options: AgentOptions) {
    this.agent = protocol === 'https:' ? new TlsAgent(options) : new Agent(options)
    subscribe(CHANNEL, this.#see)
  }

  /** The media type, if the last answer was a page: a web server, a proxy's login and the like answer any path so, with 200. */
  get page(): string | undefined {
    const [type = ''] = this.#type.split(';')
    return this.#length > 0 && /[/+](html|xml)$/i.test(type.trim()) ? type.trim() : undefined
  }

  /** What the backend says that it did not take. */
  get partialSuccess(): PartialSuccess | undefined {
    const answer = parsed(Buffer.concat(this.#chunks).toString())
    if (answer === undefined) return undefined
    const { rejectedDataPoints, rejectedLogRecords, errorMessage } = answer
    // JSON has 64-bit numbers as text.
    const rejected = Number(rejectedDataPoints ?? rejectedLogRecords)
    if (!Number.isSafeInteger(rejected) || rejected <= 0) return undefined
    return { rejected, reason: typeof errorMessage === 'string' ? errorMessage.split('\n')[0]!.slice(0, REASON_LENGTH) : '' }
  }

  close(): void {
    unsubscribe(CHANNEL, this.#see)
    this.agent.destroy()
  }
}

interface Answer {
  readonly rejectedDataPoints?: unknown
  readonly rejectedLogRecords?: unknown
  readonly errorMessage?: unknown
}

function parsed(body: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null || !('partialSuccess' in answer)) return undefined
    const { partialSuccess } = answer
    return typeof partialSuccess === 'object' && partialSuccess !== null ? partialSuccess : undefined
  } catch {
    return undefined
  }
}
