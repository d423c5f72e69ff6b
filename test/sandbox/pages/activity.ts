// What machines did: workflow runs, deployments, one check run, and the log of webhook deliveries.
import type { Delivery } from '../deliveries.ts'
import type { CheckConclusion, Repository, WorkflowRun } from '../world/world.ts'
import { type Html, html, icon } from './html.ts'
import { layout } from './layout.ts'
import { actButton, ago, author, avatar } from './parts.ts'
import { checkRow } from './pull.ts'
import { type PageAnswer, pathOf, type Visit } from './visit.ts'

/** One call of the app's webhook, as the delivery log keeps it. */
export type LoggedDelivery = Pick<
  Delivery,
  'id' | 'guid' | 'event' | 'action' | 'at' | 'status' | 'statusCode' | 'redelivery'
>

function conclusionIcon(conclusion: CheckConclusion | null): Html {
  if (conclusion === 'success') return icon('check-circle-fill', 'check-success')
  if (conclusion === null) return icon('dot-fill', 'check-attention')
  return conclusion === 'failure' || conclusion === 'timed_out'
    ? icon('x-circle-fill', 'check-danger')
    : icon('skip', 'check-muted')
}

export function actionsPage(visit: Visit, repository: Repository, runId: number | null): PageAnswer | null {
  const runs = repository.workflowRuns.filter(({ id }) => runId === null || id === runId).toReversed()
  if (runId !== null && runs.length === 0) return null
  const deployments = runId === null && repository.deployments.length > 0 && deploymentList(visit, repository)
  const main = html`<h2>Workflow runs</h2>${
    runs.length === 0
      ? html`<div class="box"><p class="blank-slate">No workflow has run yet.</p></div>`
      : html`<ul class="box list">${runs.map((run) => runLine(visit, run))}</ul>`
  }${deployments}`
  return layout(visit, { title: 'Actions', about: repository, tab: 'actions', main })
}

function runLine(visit: Visit, run: WorkflowRun): Html {
  const inputs = Object.entries(run.inputs).map(([name, given]) => html`<code>${name}: ${given}</code> `)
  return html`<li><div class="grow">${conclusionIcon(run.conclusion)} <a class="title" href="${pathOf(run.repository)}/actions/runs/${run.id}">${run.workflow.name} #${run.runNumber}</a>
    <span class="muted">${run.conclusion ?? run.status}</span>
    <p class="muted small">${run.event} · ${author(run.actor)} · ${ago(run.createdAt, visit)} ${inputs}</p></div>
    <span class="branch">${run.headBranch}</span> <a href="${pathOf(run.repository)}/commit/${run.headSha}"><code>${run.headSha.slice(0, 7)}</code></a></li>`
}

function deploymentList(visit: Visit, repository: Repository): Html {
  const rows = repository.deployments.toReversed().map((one) => {
    const state = one.statuses.at(-1)?.state ?? 'pending'
    const good = state === 'success' ? 'success' : state === 'failure' || state === 'error' ? 'failure' : null
    return html`<li id="deployment-${one.id}"><div class="grow">${conclusionIcon(good)} <strong>${one.environment}</strong> <span class="muted">${state}</span>
      <p class="muted small">${author(one.creator)} · ${ago(one.createdAt, visit)}</p></div>
      <a href="${pathOf(repository)}/commit/${one.sha}"><code>${one.sha.slice(0, 7)}</code></a></li>`
  })
  return html`<h2>Deployments</h2><ul class="box list">${rows}</ul>`
}

export function deploymentsPage(visit: Visit, repository: Repository): PageAnswer {
  const main =
    repository.deployments.length > 0 ? deploymentList(visit, repository) : html`<p>No deployments yet.</p>`
  return layout(visit, { title: 'Deployments', about: repository, tab: 'code', main })
}

export function checkPage(visit: Visit, repository: Repository, id: number): PageAnswer | null {
  const run = repository.checkRuns.find((one) => one.id === id)
  if (!run) return null
  const main = html`<h2>Check on <code>${run.headSha.slice(0, 7)}</code></h2><div class="box">${checkRow(visit, run)}</div>`
  return layout(visit, { title: run.name, about: repository, tab: 'pulls', main })
}

/** The newest 200, with a button that sends one again as GitHub's own page does. */
export function deliveriesPage(visit: Visit, deliveries: readonly LoggedDelivery[]): PageAnswer {
  const rows = deliveries
    .toReversed()
    .slice(0, 200)
    .map((one) => {
      const good = one.statusCode >= 200 && one.statusCode < 300
      const mark =
        one.statusCode === 0
          ? icon('dot-fill', 'check-attention')
          : conclusionIcon(good ? 'success' : 'failure')
      const again = actButton(
        visit,
        'redeliver',
        { delivery: one.id },
        { text: 'Redeliver', look: 'button small' },
      )
      return html`<li><div class="grow">${mark} <strong>${one.event}${one.action && `.${one.action}`}</strong>
        ${one.redelivery && html`<span class="badge">redelivery</span>`}<p class="muted small"><code>${one.guid}</code> · ${ago(one.at, visit)}</p></div>
        <span class="muted">${one.statusCode === 0 ? '' : one.statusCode} ${one.status ?? 'on its way'}</span> ${again}</li>`
    })
  const main = html`<h2>${avatar(visit.world.app.bot)} Deliveries to ${visit.world.app.name} <span class="counter">${deliveries.length}</span></h2>
  <ul class="box list">${rows}</ul>`
  return layout(visit, { title: 'Deliveries', main })
}
