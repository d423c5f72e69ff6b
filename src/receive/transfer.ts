// A transferred issue keeps its incident and its id where Mayday is installed; where it is not, the incident ends.

import { installationOf } from '../github/app/installed.ts'
import { placed } from '../github/webhook/by-hand.ts'
import type { Delivery, Transfer } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { forgetIssueState } from '../perform/issue-state.ts'
import { rememberIssue } from '../shell/remember.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import { commit } from './subject.ts'

type IssueDelivery = Extract<Delivery, { kind: 'issue' }>

/** GitHub tells of a transfer at both ends, in any order; the first one moves the incident. False: it is no incident of
 * ours, or it is here already. */
export async function onTransfer(
  shell: Shell,
  delivery: IssueDelivery,
  { place, guid, moved }: { place: Place; guid: string; moved: Transfer },
): Promise<boolean> {
  const target = await shell.store.incidentAt(moved.from.repository, moved.from.number)
  if (!target || (await shell.store.incidentAt(moved.to.repository.id, moved.to.issue.number))) return false
  const { repository } = moved.to
  const to = `${repository.owner}/${repository.name}#${moved.to.issue.number}`
  const { owner, name: repo } = repository
  const isHere = (await installationOf(shell.github.app(), { owner, repo })) !== null
  const fact: Fact = isHere
    ? { kind: 'transferred', to }
    : {
        kind: 'cancelled',
        reason: 'other',
        text: `moved to ${to}, where Mayday is not installed`,
        gone: true,
      }
  const facts = [
    placed(fact, {
      key: `transferred:${to}`,
      at: moved.to.issue.updatedAt,
      rank: RANK.issue,
      by: delivery.sender.login,
      url: moved.to.issue.url,
    }),
  ]
  if (!isHere) {
    await commit(shell, target, { place, guid, facts })
    return true
  }
  const there = await placeOfDelivery(shell, { installation: delivery.installation, repository })
  await shell.database.inTx(async () => {
    await commit(shell, await move(shell, target, moved), { place: there, guid, facts })
  })
  return true
}

/** What was found at the old place is found at the new one, and what still comes from there leads to it. */
async function move(shell: Shell, target: Target, { from, to }: Transfer): Promise<Target> {
  const { incident } = target
  const here = { ...target, repository: to.repository.id, number: to.issue.number }
  await shell.store.moveIncident(here)
  await shell.store.putRef({
    incident,
    kind: 'moved',
    key: `${from.repository}#${from.number}`,
    ...from,
    body: {},
  })
  await forgetIssueState(shell, incident, { by: `moved to ${to.issue.nodeId}` })
  await rememberIssue(shell, here, to.issue)
  return here
}
