import { dnsAnswer, dnsQuery, TYPE_A, TYPE_AAAA } from './dns.ts'
import type { Random } from './random.ts'

/** A stream's bytes come again after so many; a power of 2. */
const REGION_LENGTH = 65_536
export const REGION_MASK: number = REGION_LENGTH - 1
/** What is copied out in one piece is never longer. */
const MOST_AT_ONCE = 9_000
const STRIDE = REGION_LENGTH + MOST_AT_ONCE
const TLS_RECORD_LENGTH = 2048
const REQUESTS = 64
const REQUEST_ROOM = 512
const NAMES = 64
const DNS_ROOM = 128

const TLS_REQUEST = 0
const TLS_RESPONSE = STRIDE
const HTTP_REQUEST = STRIDE * 2
const HTTP_RESPONSE = STRIDE * 3
const ECHO = STRIDE * 4
const DNS = STRIDE * 5
const LENGTH = DNS + NAMES * 2 * DNS_ROOM
const ONES = 0xffff

/**
 * The payload of all packets, made once, with the sum of its words up to each byte: so a packet's checksum takes two look-ups, whatever its length. The byte at a
 * place of a stream is always the same, in a retransmission too.
 */
export class Content {
  readonly bytes: Uint8Array = new Uint8Array(LENGTH)
  readonly tlsRequest: number = TLS_REQUEST
  readonly tlsResponse: number = TLS_RESPONSE
  readonly httpResponse: number = HTTP_RESPONSE
  readonly echo: number = ECHO
  readonly #requestLengths = new Uint16Array(REQUESTS)
  readonly #dnsLengths = new Uint16Array(NAMES * 2)
  /** Of the words before each byte, modulo 65,535; a byte at an even place is the upper half of a word. */
  readonly #sums = new Uint16Array(LENGTH + 1)

  constructor(random: Random) {
    this.#fillTls(TLS_REQUEST, random)
    this.#fillTls(TLS_RESPONSE, random)
    this.#fillHttp(random)
    for (let at = 0; at < REGION_LENGTH; at++) this.bytes[ECHO + at] = at & 0xff
    for (let index = 0; index < NAMES; index++) this.#fillDns(index, random)
    for (let region = 0; region < DNS; region += STRIDE) this.bytes.copyWithin(region + REGION_LENGTH, region, region + MOST_AT_ONCE)
    let sum = 0
    for (let at = 0; at < LENGTH; at++) {
      sum = (sum + (at % 2 === 0 ? this.bytes[at]! * 256 : this.bytes[at]!)) % ONES
      this.#sums[at + 1] = sum
    }
  }

  /** What [offset, offset + length) adds to a checksum where its first byte is the upper half of a word. */
  sum(offset: number, length: number): number {
    const sum = this.#sums[offset + length]! - this.#sums[offset]! + ONES
    return (offset & 1) === 0 ? sum : (sum * 256) % ONES
  }

  /** One of the HTTP requests; `requestLength` says how long it is. */
  httpRequest(index: number): number {
    return HTTP_REQUEST + (index % REQUESTS) * REQUEST_ROOM
  }

  requestLength(index: number): number {
    return this.#requestLengths[index % REQUESTS]!
  }

  /** One of the DNS messages: questions have even numbers, the answer to one is the next; id 0. */
  dns(message: number): number {
    return DNS + message * DNS_ROOM
  }

  dnsLength(message: number): number {
    return this.#dnsLengths[message]!
  }

  get dnsQuestions(): number {
    return NAMES
  }

  /** Records of application data with nothing to be read in them, as after a handshake (RFC 8446, 5.2). */
  #fillTls(region: number, random: Random): void {
    const bytes = this.bytes
    for (let at = region; at < region + REGION_LENGTH; at += TLS_RECORD_LENGTH) {
      const length = TLS_RECORD_LENGTH - 5
      bytes.set([0x17, 0x03, 0x03, length >> 8, length & 0xff], at)
      for (let index = 5; index < TLS_RECORD_LENGTH; index++) bytes[at + index] = random.word() & 0xff
    }
  }

  #fillHttp(random: Random): void {
    const words = ['orders', 'items', 'users', 'search', 'health', 'reports', 'images', 'events']
    const word = (): string => words[random.below(words.length)]!
    for (let index = 0; index < REQUESTS; index++) {
      const text =
        `GET /v1/${word()}/${random.below(100_000)}?page=${random.below(50)} HTTP/1.1\r\nHost: ${word()}.example.com\r\n` +
        `User-Agent: shop/2.${random.below(20)}\r\nAccept: application/json\r\nConnection: close\r\n\r\n`
      this.#requestLengths[index] = text.length
      this.#write(HTTP_REQUEST + index * REQUEST_ROOM, text)
    }
    let body = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n'
    while (body.length < REGION_LENGTH) body += `{"${word()}":${random.below(1_000_000)},"${word()}":"${word()}-${random.below(1000)}"}\n`
    this.#write(HTTP_RESPONSE, body.slice(0, REGION_LENGTH))
  }

  #fillDns(index: number, random: Random): void {
    const services = ['orders', 'items', 'users', 'search', 'payments', 'reports', 'images', 'events']
    const name = `${services[index % services.length]}-${index}.prod.example.internal`
    const type = index % 4 === 3 ? TYPE_AAAA : TYPE_A
    const address = type === TYPE_A ? [10, random.below(256), random.below(256), random.between(1, 254)] : this.#ipv6(random)
    const messages = [dnsQuery(name, type), dnsAnswer(name, type, index % 16 === 15 ? undefined : address)]
    for (const [part, message] of messages.entries()) {
      this.#dnsLengths[index * 2 + part] = message.length
      this.bytes.set(message, this.dns(index * 2 + part))
    }
  }

  #ipv6(random: Random): readonly number[] {
    return [0x20, 0x01, 0x0d, 0xb8, ...Array.from({ length: 12 }, () => random.below(256))]
  }

  #write(at: number, text: string): void {
    for (let index = 0; index < text.length; index++) this.bytes[at + index] = text.charCodeAt(index)
  }
}
