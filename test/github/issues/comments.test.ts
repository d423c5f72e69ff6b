// Comments: made once, changed only when they differ, believed only when we wrote them.
import { afterEach, expect, test } from 'vitest'
import { Limited, Refused, Unreachable } from '../../../src/github/client/errors.ts'
import {
  findComment,
  getComment,
  pinComment,
  putComment,
  react,
} from '../../../src/github/issues/comments.ts'
import { hasMark, mark, withMark } from '../../../src/github/issues/mark.ts'
import { endStand, FOREIGN, ISSUE, restComment, startStand, UNNAMED_BOT } from '../stand.ts'

afterEach(endStand)

const MARK = mark('living', '42')
const COMMENTS = '/repos/acme/search/issues/42/comments'
const ONE = '/repos/acme/search/issues/comments/1'
const BODY = withMark('Hello', MARK)
const KNOWN = { id: 1, nodeId: 'IC_1', url: 'https://github.com/c/1' }

test('a mark is found at the end, whatever people pasted before or wrote after it', () => {
  expect(MARK).toBe('<!-- mayday:living:42 -->')
  expect(hasMark(BODY, MARK)).toBe(true)
  expect(hasMark(`${BODY}\r\nthanks`, MARK)).toBe(true)
  expect(hasMark(`> ${MARK}\n\n${mark('living', '43')}`, MARK)).toBe(false)
  expect(hasMark(mark('living', '421'), mark('living', '42'))).toBe(false)
  expect(mark('x', 'a --> b')).toBe('<!-- mayday:x:a%20%2D%2D%3E%20b -->')
})

test('is made where there is none', async () => {
  const stand = startStand()
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [restComment({ body: 'something else' })] })
  stand.on(`POST ${COMMENTS}`, { status: 201, body: restComment({ id: 2, body: BODY }) })
  const made = await putComment(stand.github, ISSUE, { mark: MARK, body: 'Hello' })
  expect(made).toMatchObject({ id: 2, outcome: 'made' })
  expect(stand.sent[1]?.body).toEqual({ body: 'Hello\n\n<!-- mayday:living:42 -->' })
  expect(stand.taken).toEqual(['create'])
  stand.check()
})

test('is found and left alone when it says the same, also with other line ends', async () => {
  const stand = startStand()
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [restComment({ body: `Hello\r\n\r\n${MARK}` })] })
  expect(await putComment(stand.github, ISSUE, { mark: MARK, body: 'Hello' })).toMatchObject({
    outcome: 'same',
  })
  expect(stand.taken).toEqual([])
})

test('with the mark of ours pasted by somebody it is not found', async () => {
  const stand = startStand()
  stand.on(`GET ${COMMENTS}?per_page=100`, {
    body: [
      restComment({ ...FOREIGN, body: BODY }),
      restComment({ performed_via_github_app: { id: 1 }, body: BODY }),
    ],
  })
  expect(await findComment(stand.github, ISSUE, { mark: MARK })).toBeNull()
})

test('an app that the server does not name is known by its login', async () => {
  const stand = startStand()
  stand.on('GET /app', { body: { slug: 'mayday' } })
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [restComment({ ...UNNAMED_BOT, body: BODY, pin: {} })] })
  expect(await findComment(stand.github, ISSUE, { mark: MARK })).toMatchObject({ id: 1, pinned: true })
})

test('the search reads on only as far as it must', async () => {
  const stand = startStand()
  const next = { link: `<https://api.github.com${COMMENTS}?per_page=100&page=2>; rel="next"` }
  stand.on(`GET ${COMMENTS}?per_page=100&since=2026-11-20T09%3A50%3A00.000Z`, {
    body: [restComment({ body: 'x' })],
    headers: next,
  })
  stand.on(`GET ${COMMENTS}?per_page=100&page=2`, {
    body: [restComment({ id: 5, body: BODY })],
    headers: { link: `<https://api.github.com${COMMENTS}?page=3>; rel="next"` },
  })
  const since = Date.parse('2026-11-20T10:00:00Z')
  expect(await findComment(stand.github, ISSUE, { mark: MARK, since })).toMatchObject({ id: 5 })
  stand.check()
})

test('a known one costs nothing when its hash is right, and one call when it is not', async () => {
  const stand = startStand()
  stand.on(`PATCH ${ONE}`, { body: restComment({ body: BODY }) })
  const changed = await putComment(stand.github, ISSUE, {
    mark: MARK,
    body: 'Hello',
    known: { ...KNOWN, hash: 'old' },
  })
  expect(changed.outcome).toBe('changed')
  const same = await putComment(stand.github, ISSUE, { mark: MARK, body: 'Hello', known: changed })
  expect(same).toEqual({ ...changed, outcome: 'same' })
  expect(stand.sent).toHaveLength(1)
  stand.check()
})

test('a known one without a hash is read and compared', async () => {
  const stand = startStand()
  stand.on(`GET ${ONE}`, { body: restComment({ body: BODY }) })
  const same = await putComment(stand.github, ISSUE, { mark: MARK, body: 'Hello', known: KNOWN })
  expect(same.outcome).toBe('same')
})

test('a known one that was deleted is looked up and made anew', async () => {
  const stand = startStand()
  stand.on(`PATCH ${ONE}`, { status: 404 })
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [] })
  stand.on(`POST ${COMMENTS}`, { status: 201, body: restComment({ id: 9 }) })
  const made = await putComment(stand.github, ISSUE, {
    mark: MARK,
    body: 'Hello',
    known: { ...KNOWN, hash: 'old' },
  })
  expect(made).toMatchObject({ id: 9, outcome: 'made' })
})

test('the answer is lost: the second try finds the comment and does not double it', async () => {
  const stand = startStand()
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [] })
  stand.on(`POST ${COMMENTS}`, { lost: true })
  const wanted = { mark: MARK, body: 'Hello' }
  await expect(putComment(stand.github, ISSUE, wanted)).rejects.toBeInstanceOf(Unreachable)
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [restComment({ body: BODY })] })
  expect(await putComment(stand.github, ISSUE, wanted)).toMatchObject({ id: 1, outcome: 'same' })
  stand.check()
})

test.each([
  [422, 'body is too long (maximum is 65536 characters)', Refused],
  [429, '', Limited],
  [502, '', Unreachable],
])('%i %s is passed on', async (status, message, kind) => {
  const stand = startStand()
  stand.on(`GET ${COMMENTS}?per_page=100`, { body: [] })
  stand.on(`POST ${COMMENTS}`, { status, body: { message } })
  await expect(putComment(stand.github, ISSUE, { mark: MARK, body: 'x' })).rejects.toBeInstanceOf(kind)
})

test('a reaction: new, there already, and to a comment that is gone', async () => {
  const stand = startStand()
  for (const status of [201, 200, 404]) stand.on(`POST ${ONE}/reactions`, { status })
  const outcomes = []
  for (let time = 0; time < 3; time += 1) {
    outcomes.push(await react(stand.github, ISSUE, { commentId: 1, content: 'eyes' }))
  }
  expect(outcomes).toEqual(['made', 'same', 'missing'])
  stand.check()
})

test('a pin, and a server without pins', async () => {
  const stand = startStand()
  stand.on(`PUT ${ONE}/pin`, { body: restComment({}) })
  stand.on(`PUT ${ONE}/pin`, { status: 404, body: { message: 'Not Found' } })
  stand.on(`PUT ${ONE}/pin`, { status: 502 })
  expect(await pinComment(stand.github, ISSUE, 1)).toEqual({ offered: true })
  expect(await pinComment(stand.github, ISSUE, 1)).toEqual({ offered: false, why: 'Not Found' })
  await expect(pinComment(stand.github, ISSUE, 1)).rejects.toBeInstanceOf(Unreachable)
  stand.check()
})

test('a comment that is gone is null', async () => {
  const stand = startStand()
  stand.on(`GET ${ONE}`, { status: 404 })
  expect(await getComment(stand.github, ISSUE, 1)).toBeNull()
})
