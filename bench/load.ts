// Sends signed webhook calls over a hundred connections and times the answers.
import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'

export type Load = { perSecond: number; p50: number; p99: number; slowest: number; failed: number }

const CONNECTIONS = 100

/** `body` gives the text of each call. Times in milliseconds; `failed` counts what was not 200. */
export async function load(options: {
  url: string
  secret: string
  event: string
  count: number
  body(): string
}): Promise<Load> {
  const { url, secret, event, count, body } = options
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  // Signed before the clock runs: the sender's work is not what is measured.
  const calls = Array.from({ length: count }, () => {
    const text = body()
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
  })
  const times: number[] = []
  let failed = 0
  let next = 0
  const work = async (): Promise<void> => {
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
      const began = performance.now()
      if ((await send({ agent, url, ...call })) !== 200) failed += 1
      times.push(performance.now() - began)
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  const perSecond = count / ((performance.now() - began) / 1000)
  agent.destroy()
  return { perSecond, failed, ...middle(times) }
}

function middle(times: number[]): Pick<Load, 'p50' | 'p99' | 'slowest'> {
  times.sort((left, right) => left - right)
  const of = (portion: number): number => times[Math.floor(portion * (times.length - 1))] ?? Number.NaN
  return { p50: of(0.5), p99: of(0.99), slowest: of(1) }
}

function send(call: {
  agent: Agent
  url: string
  text: string
  headers: Record<string, string>
}): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      call.url,
      { method: 'POST', agent: call.agent, headers: call.headers },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sent.on('error', () => resolve(0))
    sent.end(call.text)
  })
}
