// The load driver, between the sandbox and Mayday: takes every signed delivery and sends it on until it is acknowledged.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

/** A delivery as GitHub signed it. The guid is not part of what is signed. */
export type Letter = {
  guid: string
  headers: Record<string, string>
  body: Buffer
  /** The issue that it is about; empty where it is about none. */
  subject: string
}

export type Relay = {
  /** The webhook address for the sandbox. */
  url: string
  /** Every delivery that came, in the order of coming. */
  letters: readonly Letter[]
  /** How often each guid was answered with 200. */
  acknowledged: ReadonlyMap<string, number>
  /** How many are not acknowledged yet. */
  waiting(): number
  /** Keeps what comes from now on until `release`, which sends it in the order that it is given. */
  hold(): void
  release(inOrder: (held: Letter[]) => Letter[]): void
  /** Sends once more what came long ago, under its own guid or as if it had never come. */
  again(letters: readonly Letter[], guid?: 'same' | 'new'): void
  /** Resolves when everything that is not held is acknowledged. */
  empty(): Promise<void>
  /** Lets go of what came and was acknowledged so far. */
  forget(): void
  stop(): Promise<void>
}

export type RelayOptions = {
  /** Mayday's webhook addresses, whether somebody listens there or not: each takes its turn. */
  targets: () => readonly string[]
  /** How many are under way at a time; 10 by default. */
  atOnce?: number
  /** How often each is sent, at the same time; once by default. */
  copies?: number
  /** The deliveries about one issue follow one another instead of racing. */
  inOrder?: boolean
}

const PAUSE_MS = 25

export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { atOnce = 10, copies = 1 } = options
  const letters: Letter[] = []
  const acknowledged = new Map<string, number>()
  let queue: Letter[] = []
  let held: Letter[] | undefined
  const busy = new Set<string>()
  let inFlight = 0
  let turn = 0
  let open = true
  let emptied: Array<() => void> = []

  const carry = async ({ guid, headers, body }: Letter): Promise<void> => {
    while (open) {
      const targets = options.targets()
      turn += 1
      const target = targets[turn % targets.length]
      if (target !== undefined && (await post(target, { headers, body })) === 200) {
        acknowledged.set(guid, (acknowledged.get(guid) ?? 0) + 1)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  const next = (): Letter | undefined => {
    const at = options.inOrder ? queue.findIndex(({ subject }) => !busy.has(subject)) : 0
    return at < 0 ? undefined : queue.splice(at, 1)[0]
  }
  const pump = (): void => {
    while (open && inFlight < atOnce) {
      const letter = next()
      if (letter === undefined) break
      inFlight += 1
      busy.add(letter.subject)
      void Promise.all(Array.from({ length: copies }, () => carry(letter))).finally(() => {
        inFlight -= 1
        busy.delete(letter.subject)
        pump()
      })
    }
    if (queue.length + inFlight === 0) for (const resolve of emptied.splice(0)) resolve()
  }
  const server = createServer(async (request, response) => {
    const letter = await read(request)
    letters.push(letter)
    ;(held ?? queue).push(letter)
    response.end()
    pump()
  })
  await once(server.listen(0, 'localhost'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The relay has no port')
  return {
    url: `http://localhost:${address.port}/`,
    letters,
    acknowledged,
    waiting: () => queue.length + inFlight,
    hold: () => {
      held ??= []
    },
    release: (inOrder) => {
      queue.push(...inOrder(held ?? []))
      held = undefined
      pump()
    },
    again: (old, guid = 'same') => {
      queue.push(...(guid === 'same' ? old : old.map(renamed)))
      pump()
    },
    empty: () =>
      queue.length + inFlight === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            emptied.push(resolve)
          }),
    forget: () => {
      letters.length = 0
      acknowledged.clear()
    },
    stop: async () => {
      open = false
      queue = []
      emptied = []
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Letter> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const signed = Object.entries(request.headers).filter(([name]) =>
    /^(x-|content-type$|user-agent$)/.test(name),
  )
  const headers = Object.fromEntries(signed.map(([name, value]) => [name, String(value)]))
  const body = Buffer.concat(chunks)
  const { issue }: { issue?: { number: number } } = JSON.parse(body.toString())
  return { guid: headers['x-github-delivery'] ?? '', headers, body, subject: String(issue?.number ?? '') }
}

/** Resolves to the status, 0 where there was no whole answer: one that a dying process cut is none. */
async function post(url: string, { headers, body }: Pick<Letter, 'headers' | 'body'>): Promise<number> {
  try {
    const signal = AbortSignal.timeout(10_000)
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body), signal })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}

function renamed(letter: Letter): Letter {
  const guid = randomUUID()
  return { ...letter, guid, headers: { ...letter.headers, 'x-github-delivery': guid } }
}
