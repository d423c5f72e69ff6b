// The door's filter and reader on GitHub's own payloads, and on those of the sandbox.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HEARD } from '../../../src/door/app.ts'
import { relevant } from '../../../src/github/webhook/relevant.ts'
import { parseDelivery } from '../../../src/github/webhook/webhook.ts'
import { listen, type Receiver, SECRET } from '../../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { EXAMPLES, example, merge, type Payload } from '../examples.ts'

const heard = ({ event }: { event: string }): boolean => HEARD.some((name) => name === event)

/** What makes an example one about an incident of ours. */
const OURS: Record<string, Payload> = {
  issues: { issue: { labels: [{ name: 'incident' }] } },
  issue_comment: { issue: { labels: [{ name: 'sev:P1' }] } },
  pull_request: { pull_request: { head: { ref: 'hotfix/incident-INC-1' } } },
  pull_request_review: { pull_request: { head: { ref: 'hotfix/incident-INC-1' } } },
  push: {
    ref: 'refs/heads/master',
    repository: { default_branch: 'master' },
    commits: [{ added: [], removed: [], modified: ['.github/mayday.yml'] }],
  },
  projects_v2_item: {
    changes: { field_value: { field_name: 'Phase', field_type: 'single_select', to: { name: 'Resolved' } } },
  },
}

const ours = (event: string, payload: Payload): Payload => merge(payload, OURS[event] ?? {})

/** Which deliveries are stored: every one, only ours, or none. */
function hearing(event: string, action: string | null): string {
  const all = EXAMPLES.filter((one) => one.event === event && one.action === action)
  const keptOf = (change: (payload: Payload) => Payload): number =>
    all.filter(({ payload }) => relevant({ event, action, payload: change(payload) }) !== null).length
  const [strangers, own] = [keptOf((payload) => payload), keptOf((payload) => ours(event, payload))]
  if (own === 0) return 'never'
  return strangers === 0 ? 'ours' : strangers === all.length ? 'always' : `${strangers} of ${all.length}`
}

describe('relevant', () => {
  it('keeps what concerns an incident and forgets everything else', () => {
    const kinds = new Map(
      EXAMPLES.filter(heard).map(({ event, action }) => [
        action ? `${event}.${action}` : event,
        hearing(event, action),
      ]),
    )
    expect(Object.fromEntries([...kinds].sort())).toMatchInlineSnapshot(`
      {
        "deployment_status.created": "3 of 4",
        "installation.created": "always",
        "installation.deleted": "always",
        "installation.new_permissions_accepted": "always",
        "installation.suspend": "always",
        "installation.unsuspend": "always",
        "installation_repositories.added": "always",
        "installation_repositories.removed": "always",
        "issue_comment.created": "ours",
        "issue_comment.deleted": "ours",
        "issue_comment.edited": "ours",
        "issues.assigned": "ours",
        "issues.deleted": "always",
        "issues.demilestoned": "ours",
        "issues.edited": "ours",
        "issues.labeled": "always",
        "issues.locked": "ours",
        "issues.milestoned": "ours",
        "issues.opened": "ours",
        "issues.pinned": "ours",
        "issues.reopened": "ours",
        "issues.transferred": "always",
        "issues.unassigned": "ours",
        "issues.unlabeled": "always",
        "issues.unlocked": "ours",
        "issues.unpinned": "ours",
        "projects_v2_item.archived": "never",
        "projects_v2_item.converted": "never",
        "projects_v2_item.created": "never",
        "projects_v2_item.edited": "ours",
        "projects_v2_item.reordered": "never",
        "projects_v2_item.restored": "never",
        "pull_request.assigned": "ours",
        "pull_request.closed": "ours",
        "pull_request.converted_to_draft": "ours",
        "pull_request.labeled": "ours",
        "pull_request.locked": "ours",
        "pull_request.opened": "ours",
        "pull_request.ready_for_review": "ours",
        "pull_request.reopened": "ours",
        "pull_request.review_request_removed": "ours",
        "pull_request.review_requested": "ours",
        "pull_request.synchronize": "never",
        "pull_request.unassigned": "ours",
        "pull_request.unlabeled": "ours",
        "pull_request.unlocked": "ours",
        "pull_request_review.dismissed": "ours",
        "pull_request_review.submitted": "ours",
        "push": "ours",
        "repository.created": "never",
        "repository.edited": "never",
        "repository.privatized": "always",
        "repository.publicized": "always",
        "repository.renamed": "always",
        "repository.transferred": "always",
      }
    `)
  })

  it('keeps something of every event that is subscribed to', () => {
    const kept = EXAMPLES.filter(({ event, action }) => hearing(event, action) !== 'never')
    expect(HEARD.filter((name) => !kept.some(({ event }) => event === name))).toEqual([])
  })

  it('forgets every event that was not asked for', () => {
    const others = EXAMPLES.filter((example) => !heard(example))
    expect(others.length).toBeGreaterThan(100)
    for (const example of others) expect([example.event, relevant(example)]).toEqual([example.event, null])
  })

  it('hears nothing of an account where the app is not installed', () => {
    for (const { event, action, payload } of EXAMPLES) {
      const uninstalled = { ...ours(event, payload), installation: undefined }
      expect(relevant({ event, action, payload: uninstalled })).toBeNull()
    }
  })

  it('hears nothing of its own acts where it knows its name', () => {
    const payload = ours('issues', example('issues', 'labeled', { sender: { login: 'mayday[bot]' } }))
    expect(relevant({ event: 'issues', action: 'labeled', payload }, 'mayday[bot]')).toBeNull()
    expect(relevant({ event: 'issues', action: 'labeled', payload }, 'other[bot]')).not.toBeNull()
  })

  const plain = { labels: [], body: 'Nothing of ours' }
  it.each<[string, string | null, Payload, boolean]>([
    ['issues', 'labeled', { issue: plain, label: { name: 'bug' } }, true],
    ['issues', 'closed', { issue: plain }, false],
    ['issues', 'closed', { issue: { ...plain, body: 'x\n\n<!-- mayday:item:1 -->' } }, true],
    ['issues', 'closed', { issue: { ...plain, labels: [{ name: 'Status:fixing' }] } }, true],
    ['issues', 'closed', { issue: { ...plain, labels: [{ name: 'severe' }] } }, false],
    ['issues', 'edited', { issue: { ...plain, body: null } }, false],
    ['issue_comment', 'created', { issue: plain, comment: { body: 'thanks' } }, false],
    ['issue_comment', 'created', { issue: plain, comment: { body: 'well\n/declare P1' } }, true],
    ['issue_comment', 'created', { issue: plain, comment: { body: '/incident help' } }, true],
    ['issue_comment', 'edited', { issue: plain, comment: { body: '/declare P1' } }, false],
    [
      'issue_comment',
      'created',
      { issue: { labels: [{ name: 'incident' }] }, comment: { body: 'thanks' } },
      true,
    ],
    ['pull_request', 'labeled', { label: { name: 'incident' } }, true],
    ['pull_request', 'labeled', { label: { name: 'bug' } }, false],
    ['pull_request', 'opened', { pull_request: { head: { ref: 'feature' } } }, false],
    ['pull_request', 'closed', { pull_request: { head: { ref: 'hotfix/incident-INC-1-2' } } }, true],
    ['pull_request', 'synchronize', { pull_request: { head: { ref: 'hotfix/incident-INC-1' } } }, false],
    ['deployment_status', 'created', { deployment_status: { state: 'success' } }, true],
    ['deployment_status', 'created', { deployment_status: { state: 'failure' } }, true],
    ['deployment_status', 'created', { deployment_status: { state: 'in_progress' } }, false],
    ['projects_v2_item', 'edited', { changes: { field_value: { field_name: 'Status' } } }, true],
    ['projects_v2_item', 'edited', { changes: { field_value: { field_name: 'Estimate' } } }, false],
    ['push', null, merge(OURS.push ?? {}, { ref: 'refs/heads/feature' }), false],
    ['push', null, merge(OURS.push ?? {}, { commits: [{ added: ['src/a.ts'] }] }), false],
    ['push', null, merge(OURS.push ?? {}, { commits: [{ added: ['.github/mayday/hotfix.md.hbs'] }] }), true],
    ['push', null, merge(OURS.push ?? {}, { commits: [{ removed: ['.github/mayday.yml'] }] }), true],
  ])('%s.%s %j: %s', (event, action, changes, expected) => {
    expect(relevant({ event, action, payload: example(event, action, changes) }) !== null).toBe(expected)
  })

  it('queues what is about one thing under one key', () => {
    const where = { installation: { id: 7 }, repository: { id: 9 } }
    const key = (event: string, action: string | null, changes: Payload) =>
      relevant({ event, action, payload: ours(event, example(event, action, { ...where, ...changes })) })?.key
    expect(key('issues', 'closed', { issue: { number: 42 } })).toBe('9#42')
    expect(key('issue_comment', 'created', { issue: { number: 42 } })).toBe('9#42')
    expect(key('pull_request', 'closed', { pull_request: { number: 43 } })).toBe('9#43')
    expect(key('pull_request_review', 'submitted', { pull_request: { number: 43 } })).toBe('9#43')
    expect(key('deployment_status', 'created', { deployment_status: { state: 'success' } })).toBe(
      '9:deployments',
    )
    expect(key('push', null, {})).toBe('9:settings')
    expect(key('repository', 'renamed', {})).toBe('9:settings')
    expect(key('installation', 'created', {})).toBe('installation:7')
    const event = 'projects_v2_item'
    const payload = ours(event, example(event, 'edited'))
    expect(relevant({ event, action: 'edited', payload })).toMatchObject({
      key: 'card:DI_lADOAWcTxs07G84AIjOy',
      installationId: 7,
      repositoryId: null,
    })
  })
})

describe('understand', () => {
  const kept = EXAMPLES.map((one) => ({ ...one, payload: ours(one.event, one.payload) })).filter(
    (example) => relevant(example) !== null,
  )

  it('reads every example that the filter keeps', () => {
    expect(kept.length).toBeGreaterThan(60)
    for (const { event, payload } of kept) expect(parseDelivery(event, payload), event).not.toBeNull()
  })

  it('reads what a deleted account left', () => {
    const comment = parseDelivery(
      'issue_comment',
      example('issue_comment', 'deleted', { comment: { user: null } }),
    )
    expect(comment).toMatchObject({ kind: 'comment', action: 'deleted' })
    const review = example('pull_request_review', 'dismissed', { review: { user: null } })
    expect(parseDelivery('pull_request_review', review)).toMatchObject({ review: { author: null } })
    const fork = { pull_request: { user: null, head: { repo: null } } }
    expect(parseDelivery('pull_request', example('pull_request', 'closed', fork))).toMatchObject({
      pull: { author: null, sameRepository: false },
    })
  })

  it('says what is missing where a payload has no field of ours', () => {
    const { issue: _, ...rest } = example('issues', 'labeled')
    expect(() => parseDelivery('issues', rest)).toThrow(/issue/)
  })

  it('takes GitHub’s own time of what happened', () => {
    const times = { created_at: '2025-12-18T10:00:00Z', updated_at: '2025-12-18T10:05:00Z' }
    const closed_at = '2025-12-18T10:04:00Z'
    const at = (event: string, action: string, changes: Payload) => {
      const delivery = parseDelivery(event, example(event, action, changes))
      return delivery && 'at' in delivery ? new Date(delivery.at).toISOString().slice(11, 16) : null
    }
    expect(at('issues', 'labeled', { issue: times })).toBe('10:05')
    expect(at('issues', 'closed', { issue: { ...times, closed_at } })).toBe('10:04')
    expect(at('issue_comment', 'created', { comment: times })).toBe('10:00')
    expect(at('issue_comment', 'edited', { comment: times })).toBe('10:05')
    expect(at('pull_request', 'opened', { pull_request: times })).toBe('10:00')
    expect(at('pull_request', 'closed', { pull_request: { ...times, closed_at, merged_at: null } })).toBe(
      '10:04',
    )
    expect(at('pull_request', 'ready_for_review', { pull_request: times })).toBe('10:05')
    expect(at('pull_request_review', 'submitted', { review: { submitted_at: closed_at } })).toBe('10:04')
    expect(at('deployment_status', 'created', { deployment_status: times })).toBe('10:00')
  })

  it('tells a changed body from a changed title', () => {
    const edited = (changes: Payload) => parseDelivery('issues', { ...example('issues', 'edited'), changes })
    expect(edited({ title: { from: 'old' } })).toMatchObject({ titleBefore: 'old' })
    expect(edited({ title: { from: 'old' } })).not.toHaveProperty('bodyBefore')
    expect(edited({ body: {} })).toMatchObject({ bodyBefore: '' })
  })

  it('reads a card’s new value, and nothing where it was emptied', () => {
    const moved = (to: unknown) =>
      parseDelivery('projects_v2_item', {
        ...example('projects_v2_item', 'edited'),
        changes: { field_value: { field_name: 'Phase', to } },
      })
    expect(moved({ name: 'Resolved' })).toMatchObject({ kind: 'card', field: 'Phase', to: 'Resolved' })
    expect(moved(null)).toBeNull()
  })
})

describe('the sandbox', () => {
  let sandbox: Sandbox
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await listen()
    sandbox = await startSandbox({ secret: SECRET, webhookUrl: receiver.url })
    const ada = sandbox.as('ada')
    const issue = ada.openIssue({ title: 'Search is down', labels: ['incident'] })
    const comment = ada.comment(issue, '/ack')
    ada.editComment(comment, '/ack now')
    ada.deleteComment(comment)
    ada.assign(issue, 'ada')
    ada.rename(issue, 'Search is slow')
    ada.unlabel(issue, 'incident')
    ada.label(issue, 'incident')
    ada.close(issue)
    ada.reopen(issue)
    ada.push({ branch: 'hotfix/incident-INC-1', files: { 'a.txt': 'a' } })
    ada.push({ branch: 'main', files: { '.github/mayday.yml': '' } })
    const pull = ada.openPull({ head: 'hotfix/incident-INC-1', title: 'Hotfix', draft: true })
    ada.ready(pull)
    sandbox.as('cy').review(pull, 'approve')
    ada.merge(pull)
    await sandbox.settle()
  })
  afterAll(async () => {
    await sandbox.stop()
    await receiver.stop()
  })

  it('sends what the filter keeps and the reader reads, in the shape of GitHub’s own', () => {
    const compared: string[] = []
    for (const { event, action, payload } of receiver.received) {
      if (relevant({ event, action, payload }) === null) continue
      const theirs = EXAMPLES.find((one) => one.event === event && one.action === action)
      const delivery = parseDelivery(event, payload)
      if (!theirs || !delivery) continue
      compared.push(action ? `${event}.${action}` : event)
      const expected = kinds(parseDelivery(event, ours(event, theirs.payload)))
      const given = kinds(delivery)
      for (const [path, kind] of given)
        if (expected.has(path) && kind !== 'null' && expected.get(path) !== 'null')
          expect([event, path, kind]).toEqual([event, path, expected.get(path)])
    }
    expect([...new Set(compared)].sort()).toEqual([
      'issue_comment.created',
      'issue_comment.deleted',
      'issue_comment.edited',
      'issues.assigned',
      'issues.edited',
      'issues.labeled',
      'issues.opened',
      'issues.reopened',
      'issues.unlabeled',
      'pull_request.closed',
      'pull_request.opened',
      'pull_request.ready_for_review',
      'pull_request_review.submitted',
      'push',
    ])
  })

  it('tells the same story', () => {
    const told = receiver.received.flatMap(({ event, action, payload }): string[] => {
      const delivery = relevant({ event, action, payload }) && parseDelivery(event, payload)
      if (!delivery) return []
      switch (delivery.kind) {
        case 'issue':
          return [
            [
              action,
              delivery.label ?? delivery.assignee ?? delivery.titleBefore ?? delivery.issue.stateReason,
            ].join(' '),
          ]
        case 'comment':
          return [[action, delivery.comment.body, delivery.comment.bodyBefore].join(' ')]
        case 'pull':
          return [[action, delivery.pull.merged, delivery.pull.sameRepository].join(' ')]
        case 'pull-review':
          return [[action, delivery.review.state, delivery.review.author].join(' ')]
        case 'push':
          return [['push', delivery.branch, delivery.paths].join(' ')]
        default:
          return []
      }
    })
    expect(told).toMatchInlineSnapshot(`
      [
        "opened ",
        "labeled incident",
        "created /ack ",
        "edited /ack now /ack",
        "deleted /ack now ",
        "assigned ada",
        "edited Search is down",
        "unlabeled incident",
        "labeled incident",
        "closed completed",
        "reopened reopened",
        "push main .github/mayday.yml",
        "opened false true",
        "ready_for_review false true",
        "submitted approved cy",
        "closed true true",
      ]
    `)
  })
})

/** The kind of every value by its path; lists by their first element. */
function kinds(value: unknown, path = ''): Map<string, string> {
  if (Array.isArray(value)) return value.length > 0 ? kinds(value[0], `${path}[]`) : new Map()
  if (value === null || typeof value !== 'object')
    return new Map([[path, value === null ? 'null' : typeof value]])
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...kinds(inner, `${path}.${key}`)]))
}
