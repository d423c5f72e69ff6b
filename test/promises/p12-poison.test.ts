// P12: A delivery or an effect that always fails, or ends the process each time, is given up after its attempts and told once; everything else goes on, and starts do not end at it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { startQueue } from '../../src/queue/queue.ts'
import { onPgliteAtLeast, type Place, silent } from '../database/backends.ts'
import { row, stories } from '../stories/story.ts'
import { sized } from './size.ts'

const QUEUES = sized<('inbox' | 'outbox')[]>({ suite: ['inbox'], soak: ['inbox', 'outbox'] })
const KEYS = 8
const EACH = 2
const ATTEMPTS = 3

stories(
  'an effect that GitHub refuses for ever',
  (story) => {
    test('is given up, told once, and holds up nothing', async () => {
      const other = await story.declares('Beside it', 'sev:P1')
      const issue = await story.declares('Refused', 'sev:P1')
      const route = new RegExp(`/issues/${issue.number}/labels`)
      story.sandbox.fault({ kind: 'status', status: 422, method: 'PUT', route })
      story.sandbox.fault({ kind: 'status', status: 422, method: 'POST', route })
      story.as('ada').comment(issue, '/ack\n/status identified')
      await story.says('ada', '/ack', other)
      expect(row(story.living(other), 'Lead')).toBe('@ada')

      const told = story.replies(issue).filter((reply) => reply.includes('gave up'))
      expect(told).toEqual([
        expect.stringMatching(/^@ada, Mayday could not bring .* gave up after 8 attempts/),
      ])
      const given = story.errors.splice(0)
      expect(given).toEqual([expect.stringMatching(/^a job is given up .*"attempt":8/)])
      story.sandbox.clearFaults()
      await story.says('ada', '/note mended', issue)
      expect(story.labelsOf(issue)).toContain('status:identified')
      expect(row(story.living(issue), 'Status')).toMatch(/^identified/)
    })
  },
  { settings: 'board: none' },
)

onPgliteAtLeast('a job that ends the process each time', (open, place) => {
  test.each(QUEUES)('is given up in the end, and takes no other with it (%s)', async (at) => {
    const others = Array.from({ length: KEYS * EACH }, (_, number) => ({
      key: `${at} ${number % KEYS}`,
      data: { number },
      group: `${number % 3}`,
    }))
    const poison = { key: `${at} poison`, data: { number: 0, poison: true }, group: 'poison' }
    const after = { key: `${at} poison`, data: { number: 1 }, group: 'poison' }
    const database = await open()
    const queue = await startQueue({ database, log: silent })
    if (at === 'inbox') await queue.receive([poison, after, ...others])
    else
      for (const job of [poison, after, ...others])
        await queue.perform({ ...job, priority: job === poison ? 9 : 0 })
    // What the other queue has to do at that moment is not at fault either.
    await queue.perform({ key: `${at} beside`, data: { number: 0 } })
    await queue.receive([{ key: `${at} beside too`, data: { number: 0 } }])
    await queue.stop({ timeoutMs: 1_000 })
    await database.close()

    const lines: string[] = []
    const complete = 1 + KEYS * EACH + 2
    const isOver = () => lines.some((line) => line.startsWith('dead')) && doneIn(lines, at).size === complete
    const most = at === 'inbox' ? ATTEMPTS : 8
    let starts = 0
    while (!isOver() && starts <= most + 2) {
      starts += 1
      await run(place, lines, isOver)
      await forgetHeartbeats()
    }
    expect(lines.filter((line) => line.startsWith('died'))).toHaveLength(most)
    expect(lines.filter((line) => line.startsWith('dead'))).toEqual([expect.stringContaining(`${at} poison`)])
    expect(doneIn(lines, at).size).toBe(complete)

    /** So that a server need not be waited for, which sees a dead process ten seconds later. */
    async function forgetHeartbeats(): Promise<void> {
      if (!place.databaseUrl) return
      const reopened = await open()
      await reopened.query(
        `UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '1 minute' WHERE state = 'active'`,
      )
      await reopened.close()
    }
  }, 300_000)
})

/** The killed do not always get round to saying that they are done: a line may come twice. */
const doneIn = (lines: readonly string[], at: string): Set<string> =>
  new Set(lines.filter((line) => line.startsWith(`done ${at} `)))

/** Longer than this no start has anything to do. */
const START_MS = 15_000

/** Runs the child until it dies or all is over. */
async function run(place: Place, lines: string[], isOver: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [new URL('./poison-child.ts', import.meta.url).pathname], {
    env: { ...process.env, PLACE: JSON.stringify(place) },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: START_MS,
    killSignal: 'SIGKILL',
  })
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (isOver()) child.kill('SIGKILL')
  }
}
