// The door's filter: whether a delivery concerns Mayday, and under which key it queues.

import { isCommandCandidate } from '../../command/comment/parse.ts'
import { at, numeric, text } from './loose.ts'
import { type Act, actOf, DEPLOYMENT_ENDS } from './same-act.ts'

/** How a delivery queues: first in, first out per `key`. `act`: what GitHub's own records tell too. */
export type Routing = {
  key: string
  installationId: number
  repositoryId: number | null
  act?: Act | null
}

const HOTFIX_BRANCH = 'hotfix/incident-'
/** The start of every hidden mark of Mayday; the door knows reviews and action items by it. */
const MARK = '<!-- mayday:'
const OUR_LABELS = /^(incident|sev:.+|status:.+|post-incident-review|incident-report)$/i
const INSTALLATION_EVENTS = ['installation', 'installation_repositories']

const NODE_ID = /^[\w=+/-]{1,200}$/

/** Routes a delivery; null: answer 200 and forget it. Every delivery of every repository passes here, so it reads single fields
 * and validates nothing. `own` is Mayday's login where it is known: its own acts are dropped. */
export function relevant(
  { event, action, payload }: { event: string; action: string | null; payload: object },
  own: string | null = null,
): Routing | null {
  const installation = numeric(at(payload, 'installation', 'id'))
  if (installation === null || (own !== null && at(payload, 'sender', 'login') === own)) return null
  const repositoryId = numeric(at(payload, 'repository', 'id'))
  const key = INSTALLATION_EVENTS.includes(event)
    ? `installation:${installation}`
    : event === 'projects_v2_item'
      ? cardKey(action, payload)
      : repositoryId !== null && keyInRepository(event, action, { payload, repositoryId })
  if (!key) return null
  return { key, installationId: installation, repositoryId, act: actOf(event, action, payload) }
}

function cardKey(action: string | null, payload: object): string | null {
  const field = text(at(payload, 'changes', 'field_value', 'field_name'))
  const node = text(at(payload, 'projects_v2_item', 'content_node_id'))
  return action === 'edited' && ['Status', 'Phase'].includes(field) && NODE_ID.test(node)
    ? `card:${node}`
    : null
}

const REPOSITORY_ACTIONS = [
  'renamed',
  'transferred',
  'deleted',
  'archived',
  'unarchived',
  'privatized',
  'publicized',
]

function keyInRepository(
  event: string,
  action: string | null,
  { payload, repositoryId }: { payload: object; repositoryId: number },
): string | null {
  const number = numeric(at(payload, 'issue', 'number')) ?? numeric(at(payload, 'pull_request', 'number'))
  const onNumber = `${repositoryId}#${number ?? ''}`
  switch (event) {
    case 'issues':
      return concernsIssue(action, payload) ? onNumber : null
    case 'issue_comment':
      return concernsComment(action, payload) ? onNumber : null
    case 'pull_request':
    case 'pull_request_review':
      return concernsPull(action, payload) ? onNumber : null
    case 'deployment_status':
      return DEPLOYMENT_ENDS.includes(text(at(payload, 'deployment_status', 'state')))
        ? `${repositoryId}:deployments`
        : null
    case 'push':
      return concernsPush(payload) ? `${repositoryId}:settings` : null
    case 'repository':
      return REPOSITORY_ACTIONS.includes(action ?? '') ? `${repositoryId}:settings` : null
    default:
      return null
  }
}

function ours(payload: object): boolean {
  const labels = at(payload, 'issue', 'labels')
  if (Array.isArray(labels) && labels.some((label) => OUR_LABELS.test(text(at(label, 'name'))))) return true
  return text(at(payload, 'issue', 'body')).includes(MARK)
}

/** The payload of an issue that is gone may lack the labels that it had. */
const ALL_ISSUES = ['labeled', 'unlabeled', 'deleted', 'transferred']

function concernsIssue(action: string | null, payload: object): boolean {
  return ALL_ISSUES.includes(action ?? '') || ours(payload)
}

function concernsComment(action: string | null, payload: object): boolean {
  if (ours(payload)) return true
  return action === 'created' && isCommandCandidate(text(at(payload, 'comment', 'body')))
}

/** A hotfix is known by its branch; a revert by its mark, because GitHub names its branch. */
function concernsPull(action: string | null, payload: object): boolean {
  const pull = at(payload, 'pull_request')
  if (text(at(pull, 'head', 'ref')).startsWith(HOTFIX_BRANCH) || text(at(pull, 'body')).includes(MARK))
    return action !== 'synchronize'
  return action === 'labeled' && OUR_LABELS.test(text(at(payload, 'label', 'name')))
}

/** The configuration, the repository's own templates, and the code owners. */
const SETTINGS = /^\.github\/mayday|^(\.github\/|docs\/)?CODEOWNERS$/

/** Only a push to the default branch that changes SETTINGS. */
function concernsPush(payload: object): boolean {
  const branch = text(at(payload, 'repository', 'default_branch'))
  if (text(at(payload, 'ref')) !== `refs/heads/${branch}`) return false
  const commits = at(payload, 'commits')
  if (!Array.isArray(commits)) return false
  return commits.some((commit) =>
    ['added', 'modified', 'removed'].some((change) => {
      const paths = at(commit, change)
      return Array.isArray(paths) && paths.some((path) => SETTINGS.test(text(path)))
    }),
  )
}
