// The validators take GitHub's own examples and refuse what GitHub would not send or take.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isObject, type Json, type JsonObject, openDescription } from './description.ts'
import { validateRequest, validateRest, validateWebhook } from './validate.ts'

const { resolve, document } = openDescription('@octokit/openapi/generated/api.github.com.json')

function restExample(name: string): JsonObject {
  const { value } = resolve({ $ref: `#/components/examples/${name}` })
  if (!isObject(value)) throw new Error(`No example ${name}`)
  return value
}

function webhookExample(event: string, action: string): JsonObject {
  const path = import.meta.resolve('@octokit/webhooks-examples/api.github.com/index.json')
  const events: Array<{ name: string; examples: JsonObject[] }> = JSON.parse(
    readFileSync(new URL(path), 'utf8'),
  )
  const found = events
    .find(({ name }) => name === event)
    ?.examples.find((example) => example.action === action)
  if (!found) throw new Error(`No example ${event} ${action}`)
  return found
}

describe('answers', () => {
  const issue = restExample('issue')
  const { node_id: _nodeId, ...withoutNodeId } = issue
  const created = { method: 'POST', path: '/repos/acme/search/issues', status: 201 }

  test('takes GitHub’s own example, under any spelling of the route', () => {
    expect(validateRest({ ...created, body: issue })).toEqual([])
    expect(validateRest({ ...created, path: '/api/v3/repos/acme/search/issues?x=1', body: issue })).toEqual(
      [],
    )
    expect(validateRest({ ...created, path: '/repos/{owner}/{repo}/issues', body: issue })).toEqual([])
    expect(validateRest({ ...created, path: '/repositories/7/issues', body: issue })).toEqual([])
  })

  test.each<[string, Json]>([
    ['must be integer', { ...issue, id: 'I_1' }],
    ["must have required property 'node_id'", withoutNodeId],
    ['must be string', { ...issue, title: null }],
    ['must match format "date-time"', { ...issue, created_at: '5 minutes ago' }],
    ['must be object', []],
  ])('refuses: %s', (problem, body) => {
    const wire: Json = JSON.parse(JSON.stringify(body))
    expect(validateRest({ ...created, body: wire }).join('\n')).toContain(problem)
  })

  test('null stands only where the description allows it', () => {
    expect(validateRest({ ...created, body: { ...issue, closed_at: null } })).toEqual([])
    expect(validateRest({ ...created, body: { ...issue, user: null } })).toEqual([])
    expect(validateRest({ ...created, body: { ...issue, created_at: null } })).not.toEqual([])
  })

  test('knows routes, statuses and empty answers', () => {
    const removed = { method: 'DELETE', path: '/repos/acme/search/git/refs/heads/hotfix/7', status: 204 }
    expect(validateRest(removed)).toEqual([])
    expect(validateRest({ ...removed, status: 201 })).toEqual([
      'DELETE /repos/{owner}/{repo}/git/refs/{ref} 201: status 201 is not described',
    ])
    expect(validateRest({ ...removed, body: {} }).join()).toContain('a body where none is')
    expect(validateRest({ ...created, status: 201 }).join()).toContain('no body')
    expect(
      validateRest({ method: 'GET', path: '/repos/acme/search/incidents', status: 200 }).join(),
    ).toContain('no such route')
  })

  test('the more literal route wins', () => {
    const problems = validateRest({
      method: 'GET',
      path: '/repos/acme/search/issues/comments/5',
      status: 200,
      body: {},
    })
    expect(problems[0]).toMatch(/^GET \/repos\/\{owner\}\/\{repo\}\/issues\/comments\/\{comment_id\} 200: /)
  })

  test('lets pass where GitHub is known to differ from its description', () => {
    const installations = { method: 'GET', path: '/app/installations', status: 200 }
    const { value } = resolve({ $ref: '#/components/examples/base-installation-items' })
    expect(validateRest({ ...installations, body: [{}] })).not.toEqual([])
    expect(validateRest({ ...installations, body: value })).toEqual([])
  })

  test('a refusal carries a message', () => {
    expect(validateRest({ ...created, status: 404, body: { message: 'Not Found' } })).toEqual([])
    expect(validateRest({ ...created, status: 418, body: { error: 'teapot' } }).join()).toContain("'message'")
  })
})

describe('requests', () => {
  test('takes what GitHub describes', () => {
    const path = '/repos/acme/search/issues'
    expect(
      validateRequest({ method: 'POST', path, body: { title: 'Search is down', labels: ['incident'] } }),
    ).toEqual([])
    expect(validateRequest({ method: 'GET', path: `${path}?state=all&per_page=100` })).toEqual([])
    expect(
      validateRequest({ method: 'GET', path: '/repos/acme/search/contents/.github/mayday.yml?ref=main' }),
    ).toEqual([])
    const run = { name: 'incident', head_sha: 'abc', status: 'completed', conclusion: 'success' }
    expect(validateRequest({ method: 'POST', path: '/repos/acme/search/check-runs', body: run })).toEqual([])
  })

  test('refuses misspelt names, wrong types and wrong words', () => {
    const path = '/repos/acme/search/issues'
    const misspelt = validateRequest({ method: 'POST', path, body: { title: 'x', lables: [] } })
    expect(misspelt.join()).toContain('additional properties (lables)')
    expect(validateRequest({ method: 'POST', path, body: {} }).join()).toContain("required property 'title'")
    expect(validateRequest({ method: 'PATCH', path: `${path}/1`, body: { state: 'shut' } }).join()).toContain(
      'allowed values',
    )
    expect(validateRequest({ method: 'GET', path: `${path}?perpage=5` }).join()).toContain(
      'perpage is not described',
    )
    expect(validateRequest({ method: 'GET', path: `${path}?state=shut` }).join()).toContain('allowed values')
    expect(validateRequest({ method: 'GET', path: '/repos/acme/search/nothing' }).join()).toContain(
      'no such route',
    )
  })
})

describe('webhooks', () => {
  const labeled = webhookExample('issues', 'labeled')

  test('takes GitHub’s own example', () => {
    expect(validateWebhook('issues', labeled)).toEqual([])
  })

  test('knows webhooks that are newer than their own description', () => {
    const pinned = { ...webhookExample('issue_comment', 'created'), action: 'pinned' }
    expect(validateWebhook('issue_comment', pinned).join()).not.toContain('no such webhook')
    expect(validateWebhook('issue_comment', { ...pinned, comment: 7 }).join()).toContain(
      '/comment must be object',
    )
  })

  test('refuses shapes that GitHub does not send', () => {
    expect(validateWebhook('issues', { ...labeled, sender: undefined })).not.toEqual([])
    expect(validateWebhook('issues', { ...labeled, issue: { number: 1 } }).length).toBeGreaterThan(1)
    expect(validateWebhook('issues', { ...labeled, action: 'labelled' })).toEqual([
      'issues-labelled: GitHub has no such webhook',
    ])
  })

  test('lets pass where GitHub is known to differ from its description', () => {
    const repository = isObject(labeled.repository) ? labeled.repository : {}
    expect(validateWebhook('issues', { ...labeled, repository: { ...repository, homepage: '' } })).toEqual([])
    expect(validateWebhook('issues', { ...labeled, repository: { ...repository, url: '' } })).toEqual([])
    expect(validateWebhook('issues', { ...labeled, repository: { ...repository, url: 'no' } })).not.toEqual(
      [],
    )
  })
})

test('the description is the one of github.com', () => {
  expect(Object.keys(resolve(document.paths)).length).toBeGreaterThan(500)
})
