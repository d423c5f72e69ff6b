// The pages: what each shows, what forms do and refuse, and that no text of anybody runs in them.
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { addComment } from '../mutate/comments.ts'
import { createIssue } from '../mutate/issues.ts'
import { personActor } from '../world/rules.ts'
import { issueOf, passesFilter } from './board-fields.ts'
import { HOSTILE, tagsOf } from './hostile.ts'
import { incidentScene } from './incident-scene.ts'
import { type Controls, handlePage, type LoggedDelivery, type PageAnswer } from './page.ts'

const DELIVERY: LoggedDelivery = {
  id: 77,
  guid: '6f1c',
  event: 'issues',
  action: 'labeled',
  at: 0,
  status: 'OK',
  statusCode: 200,
  redelivery: false,
}

/** The scene with a browser: `get` and `post` as the person of the cookie. */
function browse(login = 'ada') {
  const scene = incidentScene()
  const advanced: number[] = []
  const redelivered: number[] = []
  const controls: Controls = {
    advance: (ms) => void advanced.push(ms),
    deliveries: () => [DELIVERY],
    redeliver: (id) => void redelivered.push(id),
  }
  const headers = { cookie: `sandbox-acting-as=${login}`, host: 'localhost:4010' }
  const get = (url: string) => handlePage(scene.world, { method: 'GET', url, headers }, controls)
  const post = (url: string, form: Record<string, string>, more: Record<string, string> = {}) => {
    const body = new URLSearchParams(form).toString()
    return handlePage(scene.world, { method: 'POST', url, headers: { ...headers, ...more }, body }, controls)
  }
  return { ...scene, get, post, advanced, redelivered }
}

const ISSUE = { owner: 'acme', repo: 'search', number: '1', back: '/acme/search/issues/1' }
const PULL = { ...ISSUE, number: '2' }

const textOf = (answer: PageAnswer | null): string => String(answer?.body ?? '')

describe('each page shows what it is about', () => {
  it.each<[string, string[]]>([
    ['/', ['Open incidents', 'Search answers from a stale index', '/acme/search/issues/new']],
    ['/acme', ['Repositories', '/orgs/acme/projects/1']],
    ['/eli', ['Assigned and open', 'Validate network access']],
    ['/acme/search', ['services', 'README', '<h1>Search</h1>']],
    ['/acme/search/issues', ['Search answers from a stale index', 'status:fixing', 'New issue']],
    ['/acme/search/issues?q=closed', ['Alarm on document count']],
    ['/acme/search/issues?label=incident', ['Search answers']],
    ['/acme/search/pulls', ['Hotfix: INC-1']],
    ['/acme/search/issues/new', ['Create new issue as ada']],
    [
      '/acme/search/issues/1',
      [
        'Pinned by',
        'INC-1 · P0 Critical',
        '<span class="badge">bot</span>',
        '1 of 2',
        'hotfix/incident-INC-1',
        '<dt>Phase</dt><dd>Fixing</dd>',
        '<pre class="mermaid">gantt',
        'title="mayday[bot]">👀 1',
        'Close as not planned',
      ],
    ],
    [
      '/acme/search/pull/2',
      ['Draft', 'Mayday / hotfix', 'Not yet: 1 of 1 approvals missing', 'Ready for review', '+severity: P0'],
    ],
    [
      '/acme/search/blob/hotfix/incident-INC-1/docs/incidents/incident-2026-11-02-search.md',
      ['<th>severity</th>', '@ada'],
    ],
    ['/acme/search/blob/main/services/search/index.ts', ['<span class="hljs-keyword">export</span>']],
    ['/acme/search/tree/hotfix/incident-INC-1/docs', ['incidents']],
    ['/acme/search/commit/hotfix%2Fincident-INC-1', ['Record INC-1', '+id: INC-1']],
    ['/acme/search/actions', ['No workflow has run yet', 'production']],
    ['/orgs/acme/projects', ['Incidents']],
    ['/orgs/acme/projects/1', ['Off track', 'Fixing', 'Live incidents', 'Overdue']],
    ['/orgs/acme/projects/1/views/3', ['Action items', '2026-12-01', 'eli', 'ada']],
    ['/_deliveries', ['issues.labeled', '6f1c', 'Redeliver']],
  ])('%s', async (path, shown) => {
    const answer = await browse().get(path)
    expect(answer?.status).toBe(200)
    for (const text of shown) expect(textOf(answer)).toContain(text)
  })

  it('tells the conversation in the order of its time, labels of one minute in one line', async () => {
    const page = textOf(await browse().get('/acme/search/issues/1'))
    const order = [
      'pinned above',
      'nothing is indexed',
      'linked the branch',
      'added a sub-issue',
      'Add a comment',
    ]
    expect(order.map((text) => page.indexOf(text))).toEqual(
      order.map((text) => page.indexOf(text)).toSorted((a, b) => a - b),
    )
    expect(
      page.match(/<p>.*<\/span> .*dee.* added <span[^>]*>incident<\/span> <span[^>]*>sev:P1/),
    ).not.toBeNull()
  })

  it('leads from the wrong word to the right page', async () => {
    const answer = await browse().get('/acme/search/issues/2')
    expect([answer?.status, answer?.headers.location]).toEqual([303, '/acme/search/pull/2'])
  })

  it.each([
    '/nobody',
    '/acme/none',
    '/acme/search/issues/99',
    '/acme/search/blob/main/none.md',
    '/acme/search/wiki',
    '/orgs/acme/projects/9',
    '/orgs/acme/projects/1/views/9',
    '/acme/search/commit/fffffff',
    '/api/v3/app',
    '/%E0%A4%A',
  ])('%s is no page', async (path) => expect(await browse().get(path)).toBeNull())

  it('leaves forms of other paths to others', async () => {
    expect(await browse().post('/api/graphql', {})).toBeNull()
  })

  it('shows only what is late and open in the Overdue view', async () => {
    const page = textOf(await browse().get('/orgs/acme/projects/1/views/4'))
    expect(page).toContain('class="late">2026-10-01')
    expect(page).not.toContain('2026-12-01')
  })

  it('says when the world has changed', async () => {
    const { get, post } = browse()
    const before = textOf(await get('/_version'))
    await post('/_act', { ...ISSUE, act: 'comment', text: 'hello' })
    expect(textOf(await get('/_version'))).not.toBe(before)
  })
})

describe('a form does what the person says', () => {
  it('comments, and closes with it', async () => {
    const { post, incident } = browse('dee')
    const answer = await post('/_act', {
      ...ISSUE,
      act: 'comment',
      text: 'over\r\nnow',
      state: 'not_planned',
    })
    expect([answer?.status, answer?.headers.location]).toEqual([303, '/acme/search/issues/1'])
    const last = incident.comments.at(-1)
    expect([last?.body, last?.author.login]).toEqual(['over\nnow', 'dee'])
    expect([incident.state, incident.stateReason]).toEqual(['closed', 'not_planned'])
  })

  it('ticks a box of a comment and of a body, in the text', async () => {
    const { post, living, incident } = browse()
    const line = living.body.split('\n').findIndex((text) => text.startsWith('- [ ] Approve hotfix'))
    const comment = String(living.id)
    await post('/_act', { ...ISSUE, act: 'tick', comment, line: String(line), checked: 'true' })
    expect(living.body).toContain('- [x] Approve hotfix')
    expect(living.body).toContain('- [ ] Compare')
    await post('/_act', { ...ISSUE, act: 'tick', line: '2', checked: 'false' })
    expect(incident.body).toContain('- [ ] Tell support')
  })

  it('refuses a tick on a line that has no box any more', async () => {
    const { post, incident } = browse()
    const before = incident.body
    const answer = await post('/_act', { ...ISSUE, act: 'tick', line: '0', checked: 'true' })
    expect(answer?.status).toBe(409)
    expect(incident.body).toBe(before)
  })

  it('sets and takes labels and assignees, and toggles a reaction', async () => {
    const { post, incident } = browse()
    await post('/_act', { ...ISSUE, act: 'label', name: 'status:monitoring' })
    await post('/_act', { ...ISSUE, act: 'unlabel', name: 'sev:P1' })
    await post('/_act', { ...ISSUE, act: 'assign', login: 'bo' })
    expect(incident.labels.map(({ name }) => name)).toEqual([
      'incident',
      'sev:P0',
      'status:fixing',
      'status:monitoring',
    ])
    expect(incident.assignees.map(({ login }) => login)).toEqual(['ada', 'bo'])
    await post('/_act', { ...ISSUE, act: 'react', content: 'heart' })
    expect(incident.reactions.map(({ content }) => content)).toEqual(['heart'])
    await post('/_act', { ...ISSUE, act: 'react', content: 'heart' })
    expect(incident.reactions).toEqual([])
  })

  it('takes a pull request from draft to merged', async () => {
    const { post, get, hotfix } = browse('cy')
    for (const step of [{ act: 'ready' }, { act: 'review', event: 'APPROVE' }, { act: 'merge' }]) {
      expect((await post('/_act', { ...PULL, ...step }))?.status).toBe(303)
    }
    expect([hotfix.pull?.mergedBy?.login, hotfix.pull?.reviews[0]?.state]).toEqual(['cy', 'approved'])
    const page = textOf(await get('/acme/search/pull/2'))
    expect(page).toContain('successfully merged')
    expect(page.indexOf('approved these changes')).toBeLessThan(page.indexOf('merged this as'))
  })

  it('moves a card, and clears its field', async () => {
    const { post, project, card } = browse()
    const field = project.fields.find(({ name }) => name === 'Phase')
    const option = field?.options.find(({ name }) => name === 'Monitoring')?.id ?? ''
    const form = {
      act: 'move',
      project: project.nodeId,
      item: card.nodeId,
      field: field?.nodeId ?? '',
      back: '/',
    }
    await post('/_act', { ...form, option })
    expect(field && card.values.get(field)).toEqual({ type: 'option', optionId: option })
    await post('/_act', { ...form, option: '' })
    expect(field && card.values.has(field)).toBe(false)
  })

  it('opens an issue and goes there', async () => {
    const { post, repository } = browse('dee')
    const answer = await post('/_act', {
      owner: 'acme',
      repo: 'search',
      act: 'open',
      title: 'All down',
      text: 'now',
      label: 'incident',
    })
    const number = repository.nextNumber - 1
    expect(answer?.headers.location).toBe(`/acme/search/issues/${number}`)
    expect(repository.issues.get(number)?.labels.map(({ name }) => name)).toEqual(['incident'])
  })

  it('acts as whom the cookie names', async () => {
    const { post } = browse()
    const answer = await post('/_as', { login: 'cy', back: '/acme' })
    expect(answer?.headers['set-cookie']).toMatch(/^sandbox-acting-as=cy;/)
    expect(textOf(await browse('cy').get('/'))).toContain('<option selected>cy</option>')
  })

  it('moves the clock forward alone, and sends a delivery again', async () => {
    const { post, advanced, redelivered } = browse()
    await post('/_clock', { ms: '60000', back: '/' })
    expect((await post('/_clock', { ms: '-5' }))?.status).toBe(422)
    await post('/_act', { act: 'redeliver', delivery: '77' })
    expect([advanced, redelivered]).toEqual([[60_000], [77]])
  })

  it.each<[string, Record<string, string>, number, string]>([
    ['a blank comment', { ...ISSUE, act: 'comment', text: ' ' }, 422, 'cannot be blank'],
    ['a merge of a draft', { ...PULL, act: 'merge' }, 405, 'draft'],
    ['an issue that is not there', { ...ISSUE, number: '99', act: 'comment', text: 'x' }, 404, 'Not Found'],
    ['an act that is not there', { ...ISSUE, act: 'explode' }, 404, 'explode'],
  ])('refuses %s in words', async (_, form, status, words) => {
    const answer = await browse().post('/_act', form)
    expect(answer?.status).toBe(status)
    expect(textOf(answer).toLowerCase()).toContain(words.toLowerCase())
  })

  it('refuses forms of other sites, and never leads to one', async () => {
    const { post, incident } = browse()
    const form = { ...ISSUE, act: 'comment', text: 'forged' }
    expect((await post('/_act', form, { origin: 'https://evil.example' }))?.status).toBe(403)
    expect(incident.comments.some(({ body }) => body === 'forged')).toBe(false)
    for (const back of ['https://evil.example/x', '//evil.example/', '/\\evil.example', '/.//evil.example']) {
      expect((await post('/_clock', { ms: '1', back }))?.headers.location).toBe('/')
    }
  })
})

describe('no text runs', () => {
  it('on the page of an issue that is hostile all over', async () => {
    const { world, repository, get, incident } = browse()
    const dee = personActor(incident.author)
    const title = '"><script>alert(1)</script>'
    const issue = createIssue(world, dee, { repository, title, body: HOSTILE.join('\n\n') })
    for (const body of HOSTILE) addComment(world, dee, { issue, body })
    const answer = await get(`/acme/search/issues/${issue.number}`)
    const scripts = tagsOf(textOf(answer)).filter((tag) => /^<script/i.test(tag))
    expect(scripts).toEqual(['<script type="module" src="/_assets/live.js">'])
    expect(tagsOf(textOf(answer)).filter((tag) => /\son\w+=/i.test(tag))).toEqual([])
    expect(answer?.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
  })
})

describe('a filter of a view', () => {
  const NOW = Date.UTC(2026, 10, 2)
  it.each<[string, number[]]>([
    ['', [1, 2, 3, 4]],
    ['is:open', [1, 2, 3]],
    ['is:closed', [4]],
    ['is:pr', [2]],
    ['kind:"Action item"', [3, 4]],
    ['-kind:"Action item",Hotfix', [1]],
    ['phase:fixing severity:P0', [1]],
    ['due:<@today', [3]],
    ['due:>=2026-12-01', [4]],
    ['no:due', [1, 2]],
    ['has:severity', [1]],
    ['label:hotfix', [2]],
  ])('%j', (filter, numbers) => {
    const { project } = incidentScene()
    const passing = project.items.filter((item) => passesFilter(item, filter, NOW))
    expect(passing.map((item) => issueOf(item)?.number)).toEqual(numbers)
  })
})

describe('assets', () => {
  const mermaid = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.esm.min.mjs')
  const [chunk = ''] = readdirSync(new URL('chunks/mermaid.esm.min/', `file://${mermaid}`)).filter((name) =>
    name.endsWith('.mjs'),
  )

  it.each([
    'style.css',
    'light.css',
    'dark.css',
    'markdown.css',
    'live.js',
    'idiomorph.js',
    'icon.svg',
    'mermaid/mermaid.esm.min.mjs',
    `mermaid/chunks/mermaid.esm.min/${chunk}`,
  ])('%s is served from this machine', async (name) => {
    const answer = await browse().get(`/_assets/${name}`)
    expect(answer?.status).toBe(200)
    expect(answer?.body.length).toBeGreaterThan(0)
  })

  it.each([
    'constructor',
    'none.css',
    'mermaid/..%2f..%2fpackage.json',
    'mermaid/chunks/mermaid.esm.min/none.mjs',
    '../sandbox.ts',
  ])('%s is none', async (name) => expect(await browse().get(`/_assets/${name}`)).toBeNull())
})
