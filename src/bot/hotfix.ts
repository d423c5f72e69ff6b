// The hotfix: a branch from what runs in production, a commit with the incident's record, a draft pull request.
import { ensureBranch, ensureFile, headOf } from '../github/branches.ts'
import { ownersOf, readCodeOwners } from '../github/code-owners.ts'
import { react } from '../github/comments.ts'
import { readFile } from '../github/contents.ts'
import { Refused } from '../github/errors.ts'
import { addLabels, ensurePull, latestGoodDeployment, requestReviewers } from '../github/pulls.ts'
import type { Event } from '../incident/event.ts'
import { formatTime } from '../incident/format.ts'
import { nameOf, severityName } from '../incident/living.ts'
import { hotfixBranch, recordPath } from '../incident/record.ts'
import { execute, ownFact } from './execute.ts'
import { type Loaded, refOf, textOf } from './load.ts'
import { isRecordOf, recordText } from './record.ts'
import { remember } from './remember.ts'
import { addressOf, type Place, type Shell } from './shell.ts'

/** Opens the hotfix that a command asked for. Every step finds what an earlier attempt made. */
export async function openHotfix(shell: Shell, loaded: Loaded, askedKey: string): Promise<void> {
  const index = loaded.incident.hotfixesAsked.findIndex((one) => one.key === askedKey)
  const asked = loaded.incident.hotfixesAsked[index]
  if (!asked || asked.refused !== undefined) return
  if (asked.pull !== undefined) return answer(loaded, asked, 'rocket')
  const branch = hotfixBranch(loaded.incident.id, index + 1)
  try {
    await open(shell, loaded, { branch, asked })
  } catch (error) {
    if (!(error instanceof Refused) || error.kind === 'conflict') throw error
    await refuse(shell, loaded, { asked, why: error.message })
  }
}

type Asked = Loaded['incident']['hotfixesAsked'][number]

async function open(
  shell: Shell,
  loaded: Loaded,
  { branch, asked }: { branch: string; asked: Asked },
): Promise<void> {
  const { place, incident, target, issue } = loaded
  const at = addressOf(place)
  const base = baseOf(loaded)
  const from = await startingPoint(loaded, base)
  await ensureBranch(place.github, at, {
    name: branch,
    fromSha: from.sha,
    issueNodeId: textOf(refOf(loaded, 'issue'), 'nodeId'),
  })
  const record = await putRecord(shell, loaded, branch)
  const body = shell.templates.render('hotfix', hotfixView(loaded, { base, record, from }))
  const { pull, outcome } = await ensurePull(place.github, at, {
    head: branch,
    base,
    title: `Hotfix: ${nameOf(incident)} - ${asked.title ?? incident.title}`.slice(0, 256),
    body,
    draft: place.policy.hotfix.draft,
  })
  await addLabels(
    place.github,
    { ...issue, number: pull.number },
    { labels: place.policy.hotfix.labels, present: pull.labels },
  )
  await requestReviewers(place.github, { ...issue, number: pull.number }, await reviewers(loaded))
  await remember(shell, target, { kind: 'hotfix', key: String(pull.number), made: pull })
  const fact = ownFact(
    {
      kind: 'hotfix-opened',
      pull: pull.number,
      branch,
      url: pull.url,
      from: from.sha.slice(0, 7),
      asked: asked.key,
    },
    { key: `hotfix:${pull.number}`, at: pull.createdAt, by: asked.by, url: pull.url },
  )
  await execute(shell, target, { facts: [fact], rules: place })
  await answer(loaded, asked, 'rocket')
  shell.log.info({ incident: target.incident, pull: pull.number, outcome }, 'a hotfix is open')
}

async function refuse(
  shell: Shell,
  loaded: Loaded,
  { asked, why }: { asked: Asked; why: string },
): Promise<void> {
  const fact = ownFact(
    { kind: 'hotfix-refused', asked: asked.key, why },
    { key: `hotfix-refused:${asked.key}`, at: shell.now(), by: null },
  )
  await execute(shell, loaded.target, { facts: [fact], rules: loaded.place })
  await answer(loaded, asked, 'confused')
}

/** Commits the record to the branch, once: it is what was known when the hotfix was opened. A file of that name that
 * belongs to another incident stays, and ours gets the issue's number. Returns its path. */
async function putRecord(shell: Shell, loaded: Loaded, branch: string): Promise<string> {
  const { place, incident, issue } = loaded
  const at = addressOf(place)
  const usual = recordPath(incident, place.policy, place.calendar)
  for (const path of [usual, usual.replace(/\.md$/, `-${issue.number}.md`)]) {
    const present = await readFile(place.github, at, { path, ref: branch })
    if (present.kind === 'found' && isRecordOf(present.text, incident.id)) return path
    if (present.kind !== 'missing') continue
    const message = `Record ${incident.id} as far as it is known`
    await ensureFile(place.github, at, { branch, path, content: recordText(shell, loaded), message })
    return path
  }
  throw new Refused({ kind: 'invalid', status: 409, message: `\`${usual}\` belongs to another incident` })
}

/** Pull requests go against a branch: the configured one, or the default branch for `production`. */
function baseOf({ place }: Loaded): string {
  const { from } = place.policy.hotfix
  return from === 'production' ? place.repository.defaultBranch : from
}

type Start = { sha: string; deployedAt: number | null }

/** The last good production deployment's commit where it is known, else the head of the base. */
async function startingPoint({ place }: Loaded, base: string): Promise<Start> {
  if (place.policy.hotfix.from === 'production') {
    const good = await latestGoodDeployment(place.github, addressOf(place), 'production')
    if (good) return { sha: good.sha, deployedAt: good.at }
  }
  const sha = await headOf(place.github, addressOf(place), base)
  if (sha) return { sha, deployedAt: null }
  throw new Refused({ kind: 'missing', status: 404, message: `there is no branch \`${base}\`` })
}

function hotfixView(
  { incident, place, target }: Loaded,
  { base, record, from }: { base: string; record: string; from: Start },
) {
  const services = incident.services.flatMap((name) => place.policy.services[name] ?? [])
  const verify = services.flatMap((service) => service.verify ?? [])
  const { started } = incident.milestones
  return {
    id: nameOf(incident),
    number: target.number,
    title: incident.title,
    severity: severityName(place.policy, incident.severity),
    started: started ? formatTime(started) : null,
    lead: incident.lead ? `@${incident.lead}` : null,
    from: from.sha.slice(0, 7),
    base,
    deployed: from.deployedAt ? formatTime(from.deployedAt, 0) : null,
    rollback: services.flatMap((service) => service.rollback?.workflow ?? []).join(', ') || null,
    verify:
      verify
        .map(
          (one) =>
            `${one.times} checks of ${one.url}, one every ${one.every}, each answered with ${one.expect}`,
        )
        .join('; ') || null,
    deploy: services.flatMap((service) => service.deploy?.workflow ?? []).join(', ') || null,
    record,
  }
}

/** The owners that CODEOWNERS gives to everything: which paths a fix will touch, nobody knows yet. */
const ownersOfAll = async (place: Place): Promise<readonly string[]> =>
  ownersOf(await readCodeOwners(place.github, addressOf(place)), 'x')

/** Configured reviewers, else the owners of the affected services: in the configuration, else in CODEOWNERS. */
async function reviewers({ incident, place }: Loaded): Promise<{ users: string[]; teams: string[] }> {
  const owners = incident.services.flatMap((name) => place.policy.services[name]?.owners ?? [])
  const named = place.policy.hotfix.reviewers.length > 0 ? place.policy.hotfix.reviewers : owners
  const all = named.length > 0 ? named : await ownersOfAll(place)
  const bare = [...new Set(all.map((one) => one.replace(/^@/, '')))]
  return {
    users: bare.filter((one) => !one.includes('/')),
    teams: bare.filter((one) => one.includes('/')).map((one) => one.slice(one.indexOf('/') + 1)),
  }
}

/** The comment's 🚀 or 😕 comes when its work is done, not when it is queued. */
async function answer(loaded: Loaded, asked: Asked, content: 'rocket' | 'confused'): Promise<void> {
  const event: Event | undefined = loaded.events.find((one) => one.key === asked.key)
  if (event?.origin)
    await react(loaded.place.github, addressOf(loaded.place), { commentId: event.origin, content })
}
