// Deployments of merged hotfixes of which no delivery told.

import type { InstallationClient } from '../github/client/client.ts'
import { type ListedRepository, repositoryTarget } from '../github/history/changes.ts'
import type { DeploymentState, LatestChanges } from '../github/history/latest.ts'
import { synthesizeDeployment } from '../github/history/synthesize.ts'
import { DEPLOYMENT_ENDS, deploymentAct, isSameAct } from '../github/webhook/same-act.ts'
import { type Healing, offerMissed } from './offer.ts'

type DeploymentLook = {
  github: InstallationClient
  latest: readonly LatestChanges[]
  repositories: readonly ListedRepository[]
  /** Incidents that are over and older than this are left alone; milliseconds. */
  since: number
}

/** No call, but one for each deployment of a hotfix that nobody told the end of. */
export async function healDeployments(healing: Healing, look: DeploymentLook): Promise<void> {
  const { github, latest, repositories, since } = look
  const merged = await healing.shell.store.incidents.merges(github.id, since)
  if (merged.size === 0) return
  for (const { repository: id, deployments } of latest) {
    const repository = repositories.find((listed) => listed.id === id)
    if (!repository) continue
    for (const deployment of deployments) {
      if (!merged.has(deployment.sha) || (await isHeard(healing, deployment))) continue
      const statuses = await github.rest.repos.listDeploymentStatuses({
        ...repositoryTarget(repository),
        deployment_id: deployment.id,
        per_page: 100,
      })
      const scene = { installation: { id: github.id }, repository }
      await offerMissed(
        healing,
        statuses.data.map((status) => synthesizeDeployment(status, deployment, scene)),
      )
    }
  }
}

/** Whether its end was told. One that was replaced is `inactive`, whatever it came to; any other state is no end yet. */
async function isHeard({ shell }: Healing, { id, state, at }: DeploymentState): Promise<boolean> {
  const told = await shell.store.deliveries.tellings(
    DEPLOYMENT_ENDS.map((end) => deploymentAct({ id, state: end })),
  )
  if (state === 'inactive') return told.length > 0
  const act = { act: deploymentAct({ id, state }), happenedAt: at }
  return !DEPLOYMENT_ENDS.includes(state) || told.some((telling) => isSameAct(telling, act))
}
