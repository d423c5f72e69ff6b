// Check runs of the app: one per name and commit.
// For the gate on hotfix pull requests, a later work: until then only tests call this.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { sameText } from '../issues/mark.ts'

type Conclusion = 'success' | 'failure' | 'neutral' | 'action_required' | 'cancelled' | 'skipped'

/** Lines count from 1. */
type Annotation = {
  path: string
  startLine: number
  endLine: number
  level: 'notice' | 'warning' | 'failure'
  message: string
}

/** A conclusion means completed; without one the check is in progress. `summary` is Markdown, at most 65,535 characters. */
export type Check = {
  name: string
  headSha: string
  conclusion: Conclusion | null
  title: string
  summary: string
  annotations?: readonly Annotation[]
  externalId?: string
}

type PresentCheck = {
  id: number
  url: string
  status: string
  conclusion: string | null
  title: string
  summary: string
  annotations: number
}

// https://docs.github.com/rest/checks/runs: 50 annotations per call; each call adds to those that are there.
const ANNOTATIONS_PER_CALL = 50

/** Makes the check of this name on this commit say so. Annotations can only be added, so they are sent once: for one commit
 * and name they have to stay the same. */
export async function putCheck(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  check: Check,
): Promise<{ id: number; url: string; outcome: 'made' | 'changed' | 'same' }> {
  const present = await findCheck(github, { owner, repo }, check)
  const annotations = check.annotations ?? []
  const first = present ?? (await createRun(github, { owner, repo }, check))
  let outcome: 'made' | 'changed' | 'same' = present ? 'same' : 'made'
  let sent = first.annotations
  if (present && !saysTheSame(present, check)) {
    await updateRun(github, { owner, repo }, { id: first.id, check, from: sent })
    sent += ANNOTATIONS_PER_CALL
    outcome = 'changed'
  }
  for (; sent < annotations.length; sent += ANNOTATIONS_PER_CALL) {
    await updateRun(github, { owner, repo }, { id: first.id, check, from: sent })
    if (outcome === 'same') outcome = 'changed'
  }
  return { id: first.id, url: first.url, outcome }
}

async function findCheck(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  check: Check,
): Promise<PresentCheck | null> {
  const { data } = await github.rest.checks.listForRef({
    owner,
    repo,
    ref: check.headSha,
    check_name: check.name,
    app_id: github.appId,
    per_page: 1,
  })
  const run = data.check_runs[0]
  return run ? toPresentCheck(run) : null
}

async function createRun(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  check: Check,
): Promise<PresentCheck> {
  const { data } = await github.rest.checks.create({
    owner,
    repo,
    name: check.name,
    head_sha: check.headSha,
    ...(check.externalId === undefined ? {} : { external_id: check.externalId }),
    ...content(check, 0),
  })
  const sent = Math.min(check.annotations?.length ?? 0, ANNOTATIONS_PER_CALL)
  return { ...toPresentCheck(data), annotations: sent }
}

async function updateRun(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  { id, check, from }: { id: number; check: Check; from: number },
): Promise<void> {
  await github.rest.checks.update({ owner, repo, check_run_id: id, ...content(check, from) })
}

function content(check: Check, from: number) {
  const { conclusion, title, summary } = check
  const annotations = (check.annotations ?? [])
    .slice(from, from + ANNOTATIONS_PER_CALL)
    .map((annotation) => ({
      path: annotation.path,
      start_line: annotation.startLine,
      end_line: annotation.endLine,
      annotation_level: annotation.level,
      message: annotation.message,
    }))
  return {
    ...(conclusion === null
      ? { status: 'in_progress' as const }
      : { status: 'completed' as const, conclusion }),
    output: { title, summary, ...(annotations.length > 0 ? { annotations } : {}) },
  }
}

function saysTheSame(present: PresentCheck, { conclusion, title, summary }: Check): boolean {
  const status = conclusion === null ? 'in_progress' : 'completed'
  return (
    present.status === status &&
    present.conclusion === conclusion &&
    present.title === title &&
    sameText(present.summary, summary)
  )
}

function toPresentCheck(run: {
  id: number
  html_url: string | null
  status: string
  conclusion: string | null
  output: { title: string | null; summary: string | null; annotations_count: number }
}): PresentCheck {
  return {
    id: run.id,
    url: run.html_url ?? '',
    status: run.status,
    conclusion: run.conclusion,
    title: run.output.title ?? '',
    summary: run.output.summary ?? '',
    annotations: run.output.annotations_count,
  }
}
