// A transferred issue keeps its incident and its id where Mayday is installed; where it is not, the incident ends.

import { installationOf } from '../github/app/installed.ts'
import { placed } from '../github/webhook/by-hand.ts'
import type { Delivery, Transfer } from '../github/webhook/delivery.ts'
import { RANK } from '../incident/base/placement.ts'
import type { Fact } from '../incident/fold/nouns.ts'
import { forgetIssueState } from '../shell/look-again.ts'
import { rememberIssue } from '../shell/remember.ts'
import { placeOfDelivery } from '../shell/settings.ts'
import type { Place, Shell } from '../shell/shell.ts'
import type { Target } from '../store/store.ts'
import type { Handled } from './conclude.ts'

type IssueDelivery = Extract<Delivery, { kind: 'issue' }>

/** GitHub tells of a transfer at both ends, in any order; the first one moves the incident. Null: nothing was moved, it is no
 * incident of ours, or it is here already. */
export async function onTransfer(
  shell: Shell,
  delivery: IssueDelivery,
  place: Place,
): Promise<Handled | null> {
  const { moved } = delivery
  const target = moved && (await shell.store.incidents.at(moved.from.repository, moved.from.number))
  if (!target || (await shell.store.incidents.at(moved.to.repository.id, moved.to.issue.number))) return null
  const { repository, issue } = moved.to
  const { owner, name } = repository
  const to = `${owner}/${name}#${issue.number}`
  const isHere = (await installationOf(shell.github.app(), { owner, repo: name })) !== null
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
      at: issue.updatedAt,
      rank: RANK.issue,
      by: delivery.sender.login,
      url: issue.url,
    }),
  ]
  if (!isHere) return { place, stated: [{ of: target, facts }] }
  const here = { ...target, repository: repository.id, number: issue.number }
  return {
    place: await placeOfDelivery(shell, { installation: delivery.installation, repository }),
    stated: [{ of: here, facts }],
    along: async () => {
      await move(shell, here, moved)
    },
  }
}

/** What was found at the old place is found at the new one, and what still comes from there leads to it. */
async function move(shell: Shell, here: Target, { from, to }: Transfer): Promise<void> {
  const { incident } = here
  await shell.store.incidents.move(here)
  await shell.store.refs.put({
    incident,
    kind: 'moved',
    key: `${from.repository}#${from.number}`,
    ...from,
    body: {},
  })
  await forgetIssueState(shell, incident, { by: `moved to ${to.issue.nodeId}` })
  await rememberIssue(shell, here, to.issue)
}
