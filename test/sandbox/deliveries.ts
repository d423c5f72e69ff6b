// Webhooks: which occurrence goes to the app, the signed delivery over real HTTP, its log and redelivery.
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { seeded } from './random.ts'
import { headersOf, listener, payloadOf } from './webhook.ts'
import type { Installation, Occurrence, World } from './world/world.ts'

export type Delivery = {
  id: number
  guid: string
  at: number
  event: string
  action: string | null
  redelivery: boolean
  /** `OK` for a 2XX, GitHub's words for anything else, and null while it is on its way. */
  status: string | null
  statusCode: number
  /** Seconds. */
  duration: number
  installation: Installation | null
  repositoryId: number | null
  payload: Record<string, unknown>
  requestHeaders: Record<string, string>
  responseHeaders: Record<string, string>
  responseBody: string
}

export type Chaos = {
  /** Chances in [0, 1]: not received (and logged as failed), sent twice, never sent nor logged. */
  lose?: number
  duplicate?: number
  vanish?: number
  /** The chance that deliveries which wait together change places. */
  reorder?: number
  /** Each waits up to so many milliseconds of real time. */
  delayMs?: number
  seed?: number
}

type Mailbox = { world: World; secret: string; url: string | null; onPayload?: (delivery: Delivery) => void }

const TIMEOUT_MS = 10_000
const GATHER_MS = 25

export class Deliveries {
  readonly log: Delivery[] = []
  readonly #mailbox: Mailbox
  readonly #agent = new Agent({ keepAlive: true })
  #waiting: Delivery[] = []
  #busy = false
  #chaos: Chaos = {}
  #random = seeded(1)
  #settled: Array<() => void> = []

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox
    mailbox.world.listeners.push((occurrence) => this.#hear(occurrence))
  }

  /** How the app's webhook is set up, as its settings page shows it. */
  readonly registered = { contentType: 'json', insecureSsl: '0', secret: true }

  get hook(): { url: string | null; contentType: string; insecureSsl: string; secret: boolean } {
    return { url: this.#mailbox.url, ...this.registered }
  }

  set url(url: string | null) {
    this.#mailbox.url = url
  }

  chaos(chaos: Chaos): void {
    this.#chaos = chaos
    this.#random = seeded(chaos.seed ?? 1)
  }

  /** Resolves when nothing waits to be sent or answered. */
  settle(): Promise<void> {
    if (!this.#busy && this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#settled.push(resolve))
  }

  /** A new entry of the log with the same guid and payload, as GitHub's button makes it. */
  redeliver(delivery: Delivery): Delivery {
    const again = { ...this.#blank(delivery), guid: delivery.guid, redelivery: true }
    this.#post(again)
    return again
  }

  stop(): void {
    this.#waiting = []
    this.#agent.destroy()
  }

  #hear(occurrence: Occurrence): void {
    if (this.#mailbox.url === null) return
    const installation = listener(this.#mailbox.world, occurrence)
    if (installation === undefined) return
    if (this.#random() < (this.#chaos.vanish ?? 0)) return
    const delivery = this.#blank({
      event: occurrence.event,
      action: occurrence.action,
      installation,
      repositoryId: occurrence.repository?.id ?? null,
      payload: payloadOf(this.#mailbox.world, occurrence, installation),
    })
    this.#mailbox.onPayload?.(delivery)
    this.#post(delivery)
    if (this.#random() < (this.#chaos.duplicate ?? 0))
      this.#post({ ...this.#blank(delivery), guid: delivery.guid })
  }

  #blank(what: Pick<Delivery, 'event' | 'action' | 'installation' | 'repositoryId' | 'payload'>): Delivery {
    const { world } = this.#mailbox
    world.nextId += 1
    return {
      id: world.nextId,
      guid: randomUUID(),
      at: world.now(),
      event: what.event,
      action: what.action,
      redelivery: false,
      status: null,
      statusCode: 0,
      duration: 0,
      installation: what.installation,
      repositoryId: what.repositoryId,
      payload: what.payload,
      requestHeaders: {},
      responseHeaders: {},
      responseBody: '',
    }
  }

  #post(delivery: Delivery): void {
    this.log.push(delivery)
    this.#waiting.push(delivery)
    if (this.#busy) return
    this.#busy = true
    setImmediate(() => void this.#drain())
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      if ((this.#chaos.reorder ?? 0) > 0) await pause(GATHER_MS)
      const delivery = this.#take()
      if (delivery === undefined) break
      if (this.#chaos.delayMs) await pause(this.#random() * this.#chaos.delayMs)
      if (this.#random() < (this.#chaos.lose ?? 0)) finish(delivery, 502, 'failed to connect to host')
      else await this.#send(delivery)
    }
    this.#busy = false
    for (const resolve of this.#settled.splice(0)) resolve()
  }

  #take(): Delivery | undefined {
    const swap = this.#waiting.length > 1 && this.#random() < (this.#chaos.reorder ?? 0)
    const index = swap ? 1 + Math.floor(this.#random() * (this.#waiting.length - 1)) : 0
    return this.#waiting.splice(index, 1)[0]
  }

  async #send(delivery: Delivery): Promise<void> {
    const { url, secret, world } = this.#mailbox
    if (url === null) return finish(delivery, 0, 'no webhook address')
    const body = JSON.stringify(delivery.payload)
    delivery.requestHeaders = headersOf(world, { delivery, body, secret })
    const started = performance.now()
    const answer = await post(this.#agent, { url, body, headers: delivery.requestHeaders })
    delivery.duration = (performance.now() - started) / 1000
    delivery.responseHeaders = answer.headers
    delivery.responseBody = answer.body
    const good = answer.code >= 200 && answer.code < 300
    finish(delivery, answer.code, good ? 'OK' : (answer.problem ?? `Invalid HTTP Response: ${answer.code}`))
  }
}

function finish(delivery: Delivery, code: number, status: string): void {
  delivery.statusCode = code
  delivery.status = status
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

type Reply = { code: number; headers: Record<string, string>; body: string; problem?: string }

/** One try, ten seconds; what goes wrong comes back in GitHub's words. */
function post(
  agent: Agent,
  what: { url: string; body: string; headers: Record<string, string> },
): Promise<Reply> {
  return new Promise((resolve) => {
    const fail = (code: number, problem: string): void => resolve({ code, headers: {}, body: '', problem })
    const sent = request(what.url, { method: 'POST', headers: what.headers, agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', () => fail(502, 'failed to connect to host'))
      response.on('end', () => {
        const headers = Object.entries(response.headers).map(([key, value]) => [key, String(value)])
        const body = Buffer.concat(chunks).toString()
        resolve({ code: response.statusCode ?? 0, headers: Object.fromEntries(headers), body })
      })
    })
    const timer = setTimeout(() => {
      fail(504, 'timed out')
      sent.destroy()
    }, TIMEOUT_MS)
    sent.on('close', () => clearTimeout(timer))
    sent.on('error', () => fail(502, 'failed to connect to host'))
    sent.end(what.body)
  })
}
