// The door's look at a delivery: whether it concerns Mayday at all, and under which key it queues.

import { isCommandCandidate } from '../../command/comment/parse.ts'
import { at, numeric, text } from './loose.ts'
import { type Act, actOf, DEPLOYMENT_ENDS } from './same-act.ts'

/** How a delivery queues: first in, first out per `key`. */
export type Route = { key: string; installationId: number; repositoryId: number | null; act: Act | null }

const HOTFIX_BRANCH = 'hotfix/incident-'
/** Begins every hidden mark that Mayday leaves; a review or an action item is known by it at the door. */
const MARK = '<!-- mayday:'
const OUR_LABELS = /^(incident|sev:.+|status:.+|post-incident-review|incident-report)$/i
const INSTALLATION_EVENTS = ['installation', 'installation_repositories']

const NODE_ID = /^[\w=+/-]{1,200}$/

/** Whether a delivery concerns Mayday at all, and where it queues; null: answer 200 and forget. Cheap, because every
 * delivery of every repository passes here: looks at single fields and validates nothing. `own` is Mayday's own
 * login where it is known: what it did itself is no news to it. */
export function relevant(
  event: string,
  action: string | null,
  payload: object,
  own: string | null = null,
): Route | null {
  const installation = numeric(at(payload, 'installation', 'id'))
  if (installation === null || (own !== null && at(payload, 'sender', 'login') === own)) return null
  const repositoryId = numeric(at(payload, 'repository', 'id'))
  const act = actOf(event, action, payload)
  const route = (key: string): Route => ({ key, installationId: installation, repositoryId, act })
  if (INSTALLATION_EVENTS.includes(event)) return route(`installation:${installation}`)
  if (event === 'projects_v2_item') {
    const field = text(at(payload, 'changes', 'field_value', 'field_name'))
    const node = text(at(payload, 'projects_v2_item', 'content_node_id'))
    return action === 'edited' && ['Status', 'Phase'].includes(field) && NODE_ID.test(node)
      ? route(`card:${node}`)
      : null
  }
  if (repositoryId === null) return null
  const number = numeric(at(payload, 'issue', 'number')) ?? numeric(at(payload, 'pull_request', 'number'))
  const onNumber = route(`${repositoryId}#${number ?? ''}`)
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
        ? route(`${repositoryId}:deployments`)
        : null
    case 'push':
      return concernsPush(payload) ? route(`${repositoryId}:settings`) : null
    case 'repository':
      return [
        'renamed',
        'transferred',
        'deleted',
        'archived',
        'unarchived',
        'privatized',
        'publicized',
      ].includes(action ?? '')
        ? route(`${repositoryId}:settings`)
        : null
    default:
      return null
  }
}

function ours(payload: object): boolean {
  const labels = at(payload, 'issue', 'labels')
  if (Array.isArray(labels) && labels.some((one) => OUR_LABELS.test(text(at(one, 'name'))))) return true
  return text(at(payload, 'issue', 'body')).includes(MARK)
}

/** What is left of an issue that is gone may show none of the labels that it had. */
const ALL_ISSUES = ['labeled', 'unlabeled', 'deleted', 'transferred']

function concernsIssue(action: string | null, payload: object): boolean {
  return ALL_ISSUES.includes(action ?? '') || ours(payload)
}

function concernsComment(action: string | null, payload: object): boolean {
  if (ours(payload)) return true
  return action === 'created' && isCommandCandidate(text(at(payload, 'comment', 'body')))
}

/** A hotfix is known by its branch, a revert, whose branch GitHub names, by the mark. */
function concernsPull(action: string | null, payload: object): boolean {
  const pull = at(payload, 'pull_request')
  if (text(at(pull, 'head', 'ref')).startsWith(HOTFIX_BRANCH) || text(at(pull, 'body')).includes(MARK))
    return action !== 'synchronize'
  return action === 'labeled' && OUR_LABELS.test(text(at(payload, 'label', 'name')))
}

/** Only the default branch, and only what configures Mayday: the file itself, its templates, the account's fallback. */
/** The configuration, a repository's own texts, and who owns what. */
const SETTINGS = /^\.github\/mayday|^(\.github\/|docs\/)?CODEOWNERS$/

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
