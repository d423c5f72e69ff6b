// `npm run demo`: one incident from the label to the last action item, against a GitHub that this machine plays.
import { clock } from '../../clock.ts'
import { type AppProcess, removeDataDir, startApp } from '../app-process.ts'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import type { Issue } from '../world/world.ts'
import { mergeHotfix, openHotfix, resolve } from './fix.ts'
import {
  acknowledge,
  boardOf,
  declare,
  escalate,
  install,
  keepTelling,
  raise,
  refuse,
  tellWhatHappened,
} from './live.ts'
import { printFailure, printFigures, printList, printTitle } from './print.ts'
import { approve, doThree, remind, writeReview } from './review.ts'
import { setScene, utc } from './scene.ts'
import { addressOf, living, NotSeen, Stage } from './stage.ts'

const SECRET = 'a-secret-for-the-demo-of-32-characters-or-more'
const began = performance.now()
const stays = process.argv.includes('--stay')

let sandbox: Sandbox | undefined
let app: AppProcess | undefined

/** Ends both processes' work and leaves nothing behind. */
async function tidy(): Promise<void> {
  const dataDir = app?.dataDir
  await app?.stop()
  await sandbox?.stop()
  if (dataDir) removeDataDir(dataDir)
}

for (const [signal, code] of [
  ['SIGINT', stays ? 0 : 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    tidy().finally(() => process.exit(code))
  })
}

try {
  await demo()
} catch (problem) {
  if (!(problem instanceof Error)) throw problem
  printFailure(problem instanceof NotSeen ? problem.message : (problem.stack ?? problem.message))
  if (app?.stdout) printList('The app said', app.stdout.trimEnd().split('\n').slice(-20))
  process.exitCode = 1
}
await tidy()
process.exit()

async function demo(): Promise<void> {
  clock.set(utc('2025-12-14 08:00'))
  sandbox = await startSandbox({
    secret: SECRET,
    now: Date.now,
    advance: (ms) => stage.moveClocks(Date.now() + ms),
  })
  setScene(sandbox)
  clock.set(utc('2025-12-18 09:45'))
  app = await startApp({ sandbox, secret: SECRET, at: Date.now() })
  sandbox.setWebhookUrl(app.webhookUrl)
  const stage = new Stage(sandbox, app)
  printTitle('Mayday: one incident, from the label to the last action item', [
    `A stand-in for GitHub at ${sandbox.url} and the app at ${app.url}, both on this machine.`,
    'Every ✓ was seen in the stand-in before it was printed. Times are UTC; days pass in seconds.',
  ])
  const issue = await walk(stage)
  await sandbox.settle()
  summarise(stage, issue)
  if (stays) await stay(stage, issue)
}

async function walk(stage: Stage): Promise<Issue> {
  await install(stage)
  const issue = await declare(stage)
  await escalate(stage, issue)
  await acknowledge(stage, issue)
  await tellWhatHappened(stage, issue)
  await refuse(stage, issue)
  await raise(stage, issue)
  await keepTelling(stage, issue)
  const pull = await openHotfix(stage, issue)
  await mergeHotfix(stage, issue, pull)
  const review = await resolve(stage, issue)
  const items = await writeReview(stage, { issue, review })
  await doThree(stage, review, items)
  await approve(stage, { issue, review })
  await remind(stage, items)
  return issue
}

/** What it took. Throws NotSeen where GitHub would not have played along. */
function summarise({ sandbox, seen }: Stage, issue: Issue): void {
  const { calls, deliveries, violations, unknownCalls } = sandbox
  const unanswered = deliveries.filter(({ statusCode }) => statusCode !== 200)
  if (violations.length > 0) throw new NotSeen(`GitHub would have objected:\n${violations.join('\n')}`)
  if (unknownCalls.length > 0) throw new NotSeen(`GitHub does not have ${unknownCalls[0]?.path}`)
  if (unanswered.length > 0) throw new NotSeen(`${unanswered.length} deliveries were not answered with 200`)
  const edited = `/issues/comments/${living(issue)?.id}`
  const edits = calls.filter(({ method, path }) => method === 'PATCH' && path.endsWith(edited))
  const comments = [...sandbox.repository().issues.values()].flatMap((one) => one.comments)
  const written = comments.filter(({ viaApp }) => viaApp)
  printFigures('In all', [
    [String(seen.length), 'things seen, from the label to the last card'],
    [String(deliveries.length), 'deliveries, each answered with 200'],
    [
      String(calls.length),
      `calls of GitHub, ${calls.filter(({ mutates }) => mutates).length} of which wrote`,
    ],
    [String(written.length), `comments by Mayday; the living one was edited ${edits.length} times`],
    [`${((performance.now() - began) / 1000).toFixed(0)} s`, 'from start to end, for twelve days'],
  ])
  const next = [
    'npm run demo -- --stay   leaves it open in your browser: act as anybody, move the clock',
    'npm start                registers Mayday with your own GitHub',
  ]
  printList('What to try next', stays ? next.slice(1) : next)
}

/** Until Ctrl-C. */
function stay({ sandbox }: Stage, issue: Issue): Promise<never> {
  printList('It stays open until Ctrl-C', [
    `${sandbox.url}/  where to begin: open an issue, label it incident`,
    `${addressOf(sandbox, issue)}  the incident`,
    `${sandbox.url}/orgs/acme/projects/${boardOf(sandbox)?.number}  the board`,
  ])
  return new Promise(() => {})
}
