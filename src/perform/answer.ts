// What a comment with commands gets back: reactions, and one short reply where something was refused or asked for.

import { putComment, react } from '../github/issues/comments.ts'
import { mark } from '../github/issues/mark.ts'
import { Markup } from '../markdown.ts'
import type { Answer } from '../shell/answer.ts'
import { hasIssue, load } from '../shell/load.ts'
import { placeOfStored } from '../shell/settings.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { commandViews } from '../texts/help.ts'
import { refusalView } from '../texts/refusal.ts'
import { render } from '../texts/render.ts'
import { summaryText } from '../texts/review/summary.ts'

/** Gives the answer; each part is found again when it was given before. Reactions that were given leave the job: one that
 * goes back for want of allowance would else spend the next of it on the first reaction again. */
export async function giveAnswer(shell: Shell, answer: Answer): Promise<void> {
  const place = await placeOfStored(shell, answer.repository)
  if (!place) return
  const at = addressOf(place)
  for (const content of answer.comment === null ? [] : [...answer.reactions]) {
    await react(place.github, at, { commentId: answer.comment ?? 0, content })
    answer.reactions.shift()
  }
  const issue = { ...at, number: answer.number }
  if (answer.refusals.length > 0) {
    const body = render(shell, 'refusal', { refusals: answer.refusals.map(refusalView) })
    await putComment(place.github, issue, { mark: mark('answer', answer.key), body })
  }
  if (answer.help) {
    const body = render(shell, 'help', {
      name: new Markup(answer.name),
      commands: commandViews(answer.on),
    })
    await putComment(place.github, issue, { mark: mark('help', answer.key), body })
  }
  if (answer.summary !== undefined) {
    const incident = await load(shell, await shell.store.incidents.get(answer.summary))
    if (!hasIssue(incident)) return
    const body = await summaryText(shell, incident)
    await putComment(place.github, issue, { mark: mark('summary', answer.key), body })
  }
}
