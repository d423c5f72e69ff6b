// Sends signed webhook calls over a hundred connections and times the answers.
import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { percentile } from './report.ts'

/** `ms` from the call to the end of the answer; 0 is the status of a broken connection. */
export type Answer = { status: number; ms: number }
export type Times = { p50: number; p99: number; p999: number; slowest: number; failed: number }
export type Load = Times & { perSecond: number }

const CONNECTIONS = 100

type Target = { url: string; secret: string; event: string }
type Call = { text: string; headers: Record<string, string> }

/** `body` gives the text of each call. Times in milliseconds; `failed` counts what was not 200. */
export async function load({
  count,
  body,
  ...target
}: Target & { count: number; body(): string }): Promise<Load> {
  const { sign, post, close } = sender(target)
  // Signed before the clock runs: the sender's work is not what is measured.
  const calls = Array.from({ length: count }, () => sign(body()))
  const answers: Answer[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) answers.push(await post(call))
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  const perSecond = count / ((performance.now() - began) / 1000)
  close()
  return { perSecond, ...timesOf(answers) }
}

/** Over connections of its own, which `close` ends. */
export function sender({ url, secret, event }: Target) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const sign = (text: string): Call => {
    const digest = createHmac('sha256', secret).update(text).digest('hex')
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'user-agent': 'GitHub-Hookshot/bench',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${digest}`,
    }
    return { text, headers }
  }
  const post = async (call: Call): Promise<Answer> => {
    const began = performance.now()
    const status = await statusOf({ agent, url, ...call })
    return { status, ms: performance.now() - began }
  }
  return { sign, post, send: (text: string) => post(sign(text)), close: () => agent.destroy() }
}

export function timesOf(answers: readonly Answer[]): Times {
  const times = answers.map(({ ms }) => ms)
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    p999: percentile(times, 0.999),
    slowest: percentile(times, 1),
    failed: answers.filter(({ status }) => status !== 200).length,
  }
}

function statusOf({ agent, url, text, headers }: Call & { agent: Agent; url: string }): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', () => resolve(0))
    sent.end(text)
  })
}
