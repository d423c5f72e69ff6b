// P22: Whoever sends too much or too slowly is cut off, at little memory, and everybody else is served meanwhile.
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeDoors, delivered, raw, startDoor } from '../door.ts'
import { type AppProcess, removeDataDir, startApp } from '../sandbox/app-process.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { sized } from './size.ts'

const MEGABYTE = 1024 * 1024
const PATH = '/api/github/webhooks'

afterEach(closeDoors)

describe('a body over 25 MB', () => {
  test('is refused by its announced length before any of it arrives', async () => {
    const { port } = await startDoor()
    const answer = await raw(port, (send) =>
      send(
        `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${26 * MEGABYTE}\r\n\r\n`,
      ),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('is refused while it streams, and sent whole it still gets its answer', async () => {
    const { port, post } = await startDoor()
    const chunk = `${MEGABYTE.toString(16)}\r\n${'x'.repeat(MEGABYTE)}\r\n`
    const headers = Object.entries(delivered('')).map(([name, value]) => `${name}: ${value}\r\n`)
    const answer = await raw(port, (send) => {
      send(
        `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n${headers.join('')}transfer-encoding: chunked\r\n\r\n`,
      )
      for (let sent = 0; sent < 26; sent += 1) send(chunk)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect((await post('x'.repeat(26 * MEGABYTE), delivered(''))).status).toBe(413)
  })

  test('of 25 MB exactly is read', async () => {
    const { post } = await startDoor()
    const frame = '{"action":"opened","x":""}'
    const body = frame.replace('""', `"${'x'.repeat(25 * MEGABYTE - frame.length)}"`)
    expect((await post(body, delivered(body))).status).toBe(200)
  })

  test('gives what it held back to the budget, so that many in a row pass', async () => {
    const { post } = await startDoor()
    const body = JSON.stringify({ action: 'opened', x: 'x'.repeat(20 * MEGABYTE) })
    const headers = delivered(body)
    for (let sent = 0; sent < 12; sent += 1) expect((await post(body, headers)).status).toBe(200)
  })
})

describe.runIf(sized({ suite: false, soak: true }))('a running Mayday', () => {
  let sandbox: Sandbox
  let app: AppProcess
  beforeAll(async () => {
    sandbox = await startSandbox({ secret: SECRET, validate: false })
    app = await startApp({ sandbox, secret: SECRET })
  })
  afterAll(async () => {
    await app.kill()
    await sandbox.stop()
    removeDataDir(app.dataDir)
  })

  const residentMegabytes = (): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) / 1024

  /** Opens a connection and writes `begins`; `closed` when the other side has had enough, in milliseconds. */
  function dawdle(begins: string): { socket: Socket; closed: Promise<number> } {
    const began = performance.now()
    const socket = connect(app.port, 'localhost', () => socket.write(begins))
    socket.on('error', () => {})
    socket.resume()
    const closed = new Promise<number>((resolve) =>
      socket.once('close', () => resolve(performance.now() - began)),
    )
    return { socket, closed }
  }

  test('grows by less than 60 MB while a gigabyte is sent to it', async () => {
    await pause(3_000)
    const before = residentMegabytes()
    let most = before
    const chunk = `${MEGABYTE.toString(16)}\r\n${'x'.repeat(MEGABYTE)}\r\n`
    for (let sent = 0; sent < 1_024; ) {
      const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: issues\r\nx-github-delivery: 1\r\ntransfer-encoding: chunked\r\n\r\n`
      const { socket, closed } = dawdle(head)
      let open = true
      void closed.then(() => {
        open = false
      })
      while (open && sent < 1_024) {
        sent += 1
        if (!socket.write(chunk))
          await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))])
        most = Math.max(most, residentMegabytes())
      }
      socket.destroy()
    }
    console.info(`from ${Math.round(before)} to ${Math.round(most)} MB`)
    expect(most - before).toBeLessThan(60)
  })

  test('closes 200 slow connections within 15 s, and answers others within a second', async () => {
    const header = `POST ${PATH} HTTP/1.1\r\nhost: x\r\nx-slow: `
    const body = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: issues\r\nx-github-delivery: 1\r\ncontent-length: 100000\r\n\r\n`
    const slow = Array.from({ length: 200 }, (_, index) => dawdle(index % 2 ? header : body))
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('x')
    }, 500)
    let open = true
    const closed = Promise.all(slow.map((one) => one.closed)).finally(() => {
      open = false
    })
    const times: number[] = []
    while (open) {
      const began = performance.now()
      expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
      times.push(performance.now() - began)
      await pause(20)
    }
    clearInterval(drip)
    const longest = Math.max(...(await closed))
    times.sort((one, other) => one - other)
    const p99 = times[Math.floor(times.length * 0.99)] ?? 0
    console.info(`closed after ${Math.round(longest)} ms, others p99 ${Math.round(p99)} ms`)
    expect(longest).toBeLessThan(15_500)
    expect(p99).toBeLessThan(1_000)
  })
})
