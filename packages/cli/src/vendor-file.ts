import { readFileSync } from 'node:fs'
import type { Vendor } from '@geneve-telemetry/core'
import { type VendorTable, VendorTableError, vendorFromTable } from '@geneve-telemetry/core/vendors'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { messageOf, OperatorError } from './exit.ts'
import { fromCaller } from './place.ts'

/** A vendor's table in a YAML file (JSON is YAML, too). */
export class VendorFile {
  readonly vendor: Vendor
  readonly #name: string
  readonly #lines = new LineCounter()
  readonly #document: Document

  /** `name` as it was typed. Throws OperatorError with the line of what is wrong. */
  constructor(name: string) {
    this.#name = name
    this.#document = parseDocument(textOf(name), { lineCounter: this.#lines, prettyErrors: false })
    const [problem] = [...this.#document.errors, ...this.#document.warnings]
    if (problem !== undefined) throw this.#complaint(this.#lines.linePos(problem.pos[0]).line, problem.message)
    try {
      this.vendor = vendorFromTable(withSource(this.#document.toJS(), name))
    } catch (error) {
      throw this.#complaint(error instanceof VendorTableError ? this.#lineOf(error.path) : 1, messageOf(error))
    }
  }

  /** Checks that the table agrees with others: `check` throws on the first of its options that does not. */
  agree(check: (vendor: Vendor) => void): void {
    for (const index of this.vendor.options.keys()) {
      try {
        check({ ...this.vendor, options: this.vendor.options.slice(0, index + 1) })
      } catch (error) {
        throw this.#complaint(this.#lineOf(['options', index]), messageOf(error))
      }
    }
  }

  #complaint(line: number, message: string): OperatorError {
    return new OperatorError(`--vendor-table ${this.#name}:${line}: ${message}`)
  }

  /** The line of what the path leads to, or of as much of it as there is. */
  #lineOf(path: readonly (string | number)[]): number {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return this.#lines.linePos(node.range[0]).line
    }
    return 1
  }
}

function textOf(name: string): string {
  try {
    return readFileSync(fromCaller(name), 'utf8')
  } catch (error) {
    throw new OperatorError(`--vendor-table ${name}: cannot be read: ${messageOf(error)}`)
  }
}

/** A table that does not say where it was written is its own source. */
function withSource(table: unknown, source: string): VendorTable {
  return (typeof table === 'object' && table !== null && !Array.isArray(table) ? { source, ...table } : table) as VendorTable
}
