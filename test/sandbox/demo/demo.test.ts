// The demo as a newcomer runs it: it ends by itself, and every step showed what it should.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'

const DEMO = new URL('./demo.ts', import.meta.url).pathname

async function runDemo(): Promise<{ code: number; stdout: string; stderr: string }> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [DEMO], {
    env: { PATH, HOME, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill()
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  const [code] = await once(child, 'close')
  return { code: Number(code), ...written }
}

/** `10:46 ada /ack`: the acts without what was seen of them. */
const acts = (stdout: string): string[] =>
  stdout.split('\n').flatMap((line) => {
    const [, time, who = '', does] = /^(\d\d:\d\d) {2}(\S*) +(\S.*)$/.exec(line) ?? []
    return time && does ? [`${time} ${who} ${does}`.replace('  ', ' ')] : []
  })

test('walks one incident from the label to the last action item', { timeout: 240_000 }, async () => {
  const { code, stdout, stderr } = await runDemo()
  expect({ code, failed: stdout.split('✗')[1], stderr }).toEqual({ code: 0, failed: undefined, stderr: '' })
  expect(acts(stdout)).toMatchInlineSnapshot(`
    [
      "09:50 dee installs Mayday on the organization acme",
      "10:29 eli opens an issue: Search index migration stopped halfway",
      "10:30 bo labels it: sev:P1, incident",
      "10:35 Nobody leads",
      "10:45 Nobody has answered for 15 minutes",
      "10:46 ada /ack",
      "10:48 ada /set started 10:10, and three notes with the times they had",
      "10:49 bo /sev high",
      "10:49 Somebody sends a delivery with a forged signature",
      "10:50 ada /sev P0 a half-run migration can lose data",
      "10:52 ada /impact, /service search, /cause",
      "10:58 ada ticks a box: Tell the search team to start no migration",
      "11:05 A P0 is told every 15 minutes",
      "11:06 ada /update Nobody is affected. The fix is being written.",
      "11:10 ada /hotfix One index name, and a check before anything is dropped",
      "11:13 ada pushes the fix, fills in what it changes, marks it ready",
      "11:15 cy approves; ada merges",
      "11:16 The deployment to production succeeds",
      "11:17 ada /status monitoring, /update",
      "11:31 ada /resolve Index and snapshot hold the same documents",
      "15:30 ada writes the review: five sections, five action items",
      "09:40 ada ticks a line of the review: Compare the document count with the snapshot",
      "11:15 cy closes an issue: One index name in script, service and settings",
      "14:00 dee moves a card to Done: Approval by a second person before a production migration",
      "15:05 cy approves the review: /approve",
      "09:00 Two items of bo’s are overdue",
      "16:20 bo closes both",
    ]
  `)
  expect(stdout.match(/✓/g)?.length).toBeGreaterThan(40)
})
