// The small parts that pages share: faces, labels, times, state pills, forms.
import type { Account, Issue, Label, Millis, Team } from '../world/world.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { issuePath, type Visit } from './visit.ts'

/** A coloured disc with initials; an app's is square, as on GitHub. */
export function avatar(account: Account, size: 'small' | 'large' = 'small'): Html {
  const hue = [...account.login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7)
  const bot = account.kind === 'Bot'
  const shape = account.kind === 'User' ? 'disc' : 'square'
  const inside = bot ? icon('hubot') : initials(account)
  const style = `--hue: ${hue}`
  return html`<span class="avatar ${shape} ${size}" style="${style}" title="${account.login}">${inside}</span>`
}

function initials(account: Account): string {
  const words = (account.name ?? account.login).split(/[\s-]+/).filter(Boolean)
  return words.length > 1
    ? words
        .map((word) => word.charAt(0))
        .slice(0, 2)
        .join('')
    : account.login.slice(0, 2)
}

/** `ada`, or `mayday` with the mark that says it is an app. */
export function author(account: Account): Html {
  if (account.kind !== 'Bot') return html`<a class="author" href="/${account.login}">${account.login}</a>`
  return html`<span class="author">${account.login.replace('[bot]', '')}</span> <span class="badge">bot</span>`
}

export const teamName = (team: Team): string => `${team.organization.login}/${team.slug}`

const UNITS: ReadonlyArray<[string, number]> = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** "6 minutes ago" by the sandbox's clock, with the exact time (UTC) on hover. */
export function ago(at: Millis, visit: Visit): Html {
  const exact = `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}" title="${exact}">${agoInWords(visit.world.now() - at)}</time>`
}

function agoInWords(elapsed: Millis): string {
  const unit = UNITS.find(([, length]) => elapsed >= length)
  if (!unit) return elapsed < -1000 ? 'in the future' : 'now'
  const count = Math.floor(elapsed / unit[1])
  return `${count} ${unit[0]}${count === 1 ? '' : 's'} ago`
}

/** A label in GitHub's own colour arithmetic, which the style sheet does for light and dark. */
export function labelChip(label: Label): Html {
  const [red, green, blue] = [0, 2, 4].map(
    (from) => Number.parseInt(label.color.slice(from, from + 2), 16) || 0,
  )
  const [hue, saturation, lightness] = hueSaturationLightness(red ?? 0, green ?? 0, blue ?? 0)
  const style = `--r:${red};--g:${green};--b:${blue};--h:${hue};--s:${saturation};--l:${lightness}`
  return html`<span class="label" style="${style}" title="${label.description ?? ''}">${label.name}</span>`
}

/** 0–255 each → degrees and two percentages. */
function hueSaturationLightness(red: number, green: number, blue: number): [number, number, number] {
  const [r, g, b] = [red / 255, green / 255, blue / 255]
  const max = Math.max(r, g, b)
  const range = max - Math.min(r, g, b)
  const lightness = max - range / 2
  if (range === 0) return [0, 0, Math.round(lightness * 100)]
  const turn = max === r ? ((g - b) / range + 6) % 6 : max === g ? (b - r) / range + 2 : (r - g) / range + 4
  const saturation = range / (1 - Math.abs(2 * lightness - 1))
  return [Math.round(turn * 60), Math.round(saturation * 100), Math.round(lightness * 100)]
}

type StateLook = { tone: string; icon: string; text: string }

/** How GitHub draws the state of an issue or pull request. */
function stateLook(issue: Issue): StateLook {
  const { pull } = issue
  if (pull?.mergedAt) return { tone: 'done', icon: 'git-merge', text: 'Merged' }
  if (pull && issue.state === 'closed')
    return { tone: 'closed', icon: 'git-pull-request-closed', text: 'Closed' }
  if (pull?.draft) return { tone: 'draft', icon: 'git-pull-request-draft', text: 'Draft' }
  if (pull) return { tone: 'open', icon: 'git-pull-request', text: 'Open' }
  if (issue.state === 'open') return { tone: 'open', icon: 'issue-opened', text: 'Open' }
  if (issue.stateReason === 'completed') return { tone: 'done', icon: 'issue-closed', text: 'Closed' }
  const text = issue.stateReason === 'duplicate' ? 'Closed as duplicate' : 'Closed as not planned'
  return { tone: 'draft', icon: 'skip', text }
}

export function statePill(issue: Issue): Html {
  const look = stateLook(issue)
  return html`<span class="state ${look.tone}">${icon(look.icon)} ${look.text}</span>`
}

export function stateIcon(issue: Issue): Html {
  const look = stateLook(issue)
  return icon(look.icon, `tone-${look.tone}`)
}

/** One line of a list: its state, title, number. */
export function issueLink(issue: Issue): Html {
  return html`${stateIcon(issue)} <a class="title" href="${issuePath(issue)}">${issue.title}</a>
    <span class="muted">#${issue.number}</span>`
}

/** A form that does one thing as the person and comes back to this page. */
export function actForm(
  visit: Visit,
  act: string,
  fields: Record<string, string | number>,
  inside: Fragment,
): Html {
  const hidden = Object.entries({ act, back: visit.url.pathname + visit.url.search, ...fields })
  return html`<form method="post" action="/_act">${hidden.map(
    ([name, content]) => html`<input type="hidden" name="${name}" value="${content}">`,
  )}${inside}</form>`
}

/** A button alone in its form. */
export function actButton(
  visit: Visit,
  act: string,
  fields: Record<string, string | number>,
  face: { text: Fragment; look?: string; title?: string; disabled?: boolean },
): Html {
  const button = html`<button class="${face.look ?? 'button'}" title="${face.title ?? ''}" ${
    face.disabled ? html`disabled` : ''
  }>${face.text}</button>`
  return actForm(visit, act, fields, button)
}

/** A menu that opens on a press and closes when the page changes it. */
export const menu = (opener: Fragment, inside: Fragment, look = ''): Html =>
  html`<details class="menu ${look}"><summary>${opener}</summary><div class="menu-box">${inside}</div></details>`

/** The fields that say which issue a form is about. */
export const about = (issue: Issue): Record<string, string | number> => ({
  owner: issue.repository.owner.login,
  repo: issue.repository.name,
  number: issue.number,
})
