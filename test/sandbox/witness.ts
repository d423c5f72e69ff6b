// Keeps what the sandbox answered and sent, and says where GitHub could not have.
import type { Delivery } from './deliveries.ts'
import type { CallRecord } from './server.ts'

type Checks = typeof import('./validate/validate.ts')

/** Checks only when asked: compiling GitHub's descriptions takes seconds that no test should wait for on its way. */
export class Witness {
  readonly #checks: Checks | null
  readonly #problems: string[] = []
  #unread: Array<(checks: Checks) => string[]> = []

  constructor(checks: Checks | null) {
    this.#checks = checks
  }

  /** The answer, and where it was a good one the call too. */
  answered(record: CallRecord, body: unknown): void {
    const { route, method, status } = record
    if (this.#checks === null || body === undefined || route === null || route === '/graphql') return
    this.#unread.push((checks) => checks.validateRest({ method, path: route, status, body: asJson(body) }))
    if (status >= 400) return
    const asked = { method, path: record.path + record.query, body: record.requestBody }
    this.#unread.push((checks) => checks.validateRequest(asked))
  }

  sent({ event, payload }: Delivery): void {
    if (this.#checks === null) return
    this.#unread.push((checks) => checks.validateWebhook(event, asJson(payload)))
  }

  crashed(record: CallRecord, error: unknown): void {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#problems.push(`${record.method} ${record.path} crashed: ${told}`)
  }

  problems(): string[] {
    if (this.#checks === null) return this.#problems
    for (const check of this.#unread.splice(0)) this.#problems.push(...check(this.#checks))
    return this.#problems
  }
}

/** As it goes over the wire: without undefined. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
