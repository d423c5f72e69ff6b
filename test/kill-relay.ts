// Between the sandbox and the app: takes every delivery and sends it on, several at once, until the app says 200.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'

export type Relay = {
  /** The webhook address for the sandbox. */
  url: string
  /** The guids that the app answered with 200. */
  acknowledged: Set<string>
  /** How many deliveries are not acknowledged yet. */
  waiting(): number
  stop(): Promise<void>
}

type Letter = { guid: string; headers: Record<string, string>; body: Buffer }

const AT_ONCE = 10
const PAUSE_MS = 25

/** `target`: the app's webhook address, whether somebody listens there or not. */
export async function startRelay(target: string): Promise<Relay> {
  const letters: Letter[] = []
  const acknowledged = new Set<string>()
  let inFlight = 0
  let open = true

  const carry = async ({ guid, headers, body }: Letter): Promise<void> => {
    while (open) {
      const signal = AbortSignal.timeout(10_000)
      const sent = fetch(target, { method: 'POST', headers, body: new Uint8Array(body), signal })
      // Read to its end: an answer that a dying process cut is none.
      const status = await sent
        .then((answer) => answer.arrayBuffer().then(() => answer.status))
        .catch(() => 0)
      if (status === 200) {
        acknowledged.add(guid)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  const pump = (): void => {
    while (open && inFlight < AT_ONCE) {
      const letter = letters.shift()
      if (letter === undefined) return
      inFlight += 1
      void carry(letter).finally(() => {
        inFlight -= 1
        pump()
      })
    }
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const headers = forwarded(request.headers)
    letters.push({ guid: headers['x-github-delivery'] ?? '', headers, body: Buffer.concat(chunks) })
    response.end()
    pump()
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The relay has no port')
  return {
    url: `http://localhost:${address.port}/`,
    acknowledged,
    waiting: () => letters.length + inFlight,
    stop: async () => {
      open = false
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => /^(x-|content-type$|user-agent$)/.test(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}
