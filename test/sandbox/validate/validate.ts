// Says where a REST call, a REST answer or a webhook payload differs from GitHub's published descriptions.
import { type Description, isObject, type Json, type JsonObject, openDescription } from './description.ts'
import { STRICTER_THAN_GITHUB } from './exceptions.ts'

type Operation = { route: string; name: string; operation: JsonObject; parameters: JsonObject[] }
type Route = { route: string; literals: number; pattern: RegExp }

let restDescription: Description | undefined
let webhookDescription: Description | undefined
let routeTable: Route[] | undefined

const rest = () => (restDescription ??= openDescription('@octokit/openapi/generated/api.github.com.json'))
const webhooks = () =>
  (webhookDescription ??= openDescription('@octokit/openapi-webhooks/generated/api.github.com.json'))

/**
 * Problems of an answer, `[]` when GitHub could have given it. `path` is a path (with or without `/api/v3` and a query)
 * or the route pattern; `body` is the parsed JSON, or undefined when the answer has none.
 */
export function validateRest(answer: {
  method: string
  path: string
  status: number
  body?: unknown
}): string[] {
  const found = findOperation(answer.method, answer.path)
  if (!found) {
    if (answer.status === 404) return errorProblems(answer.body)
    return [`${answer.method} ${answer.path}: GitHub has no such route`]
  }
  const label = `${found.name} ${answer.status}`
  return responseProblems(found, answer.status, answer.body)
    .filter((problem) => !isException(label, problem))
    .map((problem) => `${label}: ${problem}`)
}

/** Problems of a call that we send: the path, the names and values of its query, and its body (unknown names too). */
export function validateRequest(request: { method: string; path: string; body?: unknown }): string[] {
  const found = findOperation(request.method, request.path)
  if (!found) return [`${request.method} ${request.path}: GitHub has no such route`]
  const query = new URL(request.path, 'http://localhost').searchParams
  return [...queryProblems(found, query), ...bodyProblems(found, request.body)]
    .filter((problem) => !isException(found.name, problem))
    .map((problem) => `${found.name}: ${problem}`)
}

/** Problems of a webhook payload; `event` is the value of `X-GitHub-Event`. */
export function validateWebhook(event: string, payload: unknown): string[] {
  const action = actionOf(payload)
  const name = [event, action].filter((part) => part !== undefined).join('-')
  const key = name.replaceAll('_', '-')
  const found = findWebhook(key)
  if (!found) return [`${name}: GitHub has no such webhook`]
  const { description, webhook } = found
  const schema = jsonSchema(description.resolve(description.resolve(webhook.post).requestBody))
  if (schema === undefined) return []
  return description
    .compile(
      key,
      schema,
    )(payload)
    .filter((problem) => !isException(key, problem))
    .map((problem) => `${key}: ${problem}`)
}

/** The newest webhooks, such as a pinned comment's, stand in the REST description only. */
function findWebhook(key: string): { description: Description; webhook: JsonObject } | undefined {
  const known = webhooks().resolve(webhooks().document.webhooks)[key]
  if (isObject(known)) return { description: webhooks(), webhook: known }
  const newer = rest().resolve(rest().document['x-webhooks'])[key]
  return isObject(newer) ? { description: rest(), webhook: newer } : undefined
}

function actionOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('action' in payload)) return undefined
  return typeof payload.action === 'string' ? payload.action : undefined
}

const isException = (label: string, problem: string): boolean =>
  STRICTER_THAN_GITHUB.some(({ where, what }) => where.test(label) && what.test(problem))

function responseProblems(found: Operation, status: number, body: unknown): string[] {
  const { resolve, compile } = rest()
  const responses = resolve(found.operation.responses)
  const described = responses[String(status)]
  if (described === undefined) {
    if (status === 304) return []
    return status >= 400 ? errorProblems(body) : [`status ${status} is not described`]
  }
  const response = resolve(described)
  const schema = jsonSchema(response)
  if (schema === undefined) {
    return body === undefined || status >= 400 || isObject(response.content as Json)
      ? []
      : ['a body where none is']
  }
  return body === undefined ? ['no body'] : compile(`${found.name} ${status}`, schema)(body)
}

/** Any refusal is at least `{ message: string }`. */
function errorProblems(body: unknown): string[] {
  const schema = { type: 'object', required: ['message'], properties: { message: { type: 'string' } } }
  return rest().compile('refusal', schema)(body)
}

function queryProblems(found: Operation, query: URLSearchParams): string[] {
  const { compile } = rest()
  const described = found.parameters.filter((parameter) => parameter.in === 'query')
  const unknown = [...query.keys()].filter((name) => !described.some((parameter) => parameter.name === name))
  const wrong = described.flatMap((parameter) => {
    const name = String(parameter.name)
    const value = query.get(name)
    if (value === null) return parameter.required === true ? [`query parameter ${name} is missing`] : []
    const schema = parameter.schema ?? true
    const problems = compile(`${found.name} ?${name}`, schema)(queryValue(value, schema))
    return problems.map((problem) => `query parameter ${name}: ${problem}`)
  })
  return [...unknown.map((name) => `query parameter ${name} is not described`), ...wrong]
}

/** A query knows text only: read it as the type that the schema names. */
function queryValue(text: string, schema: Json): Json {
  const type = isObject(schema) ? schema.type : undefined
  if ((type === 'integer' || type === 'number') && text !== '') return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return type === 'array' ? text.split(',') : text
}

function bodyProblems(found: Operation, body: unknown): string[] {
  const { resolve, compile } = rest()
  const described = found.operation.requestBody
  if (described === undefined) return body === undefined ? [] : ['a body where none is described']
  const request = resolve(described)
  const schema = jsonSchema(request)
  if (schema === undefined) return []
  if (body === undefined) return request.required === true ? ['no body'] : []
  return compile(`${found.name} body`, schema, true)(body)
}

function jsonSchema(message: JsonObject): Json | undefined {
  const json = isObject(message.content) ? message.content['application/json'] : undefined
  return isObject(json) ? json.schema : undefined
}

function findOperation(method: string, path: string): Operation | undefined {
  const bare = (path.split('?')[0] ?? '')
    .replace(/^\/api\/v3(?=\/)/, '')
    // GitHub answers by id too, though the description has the names only.
    .replace(/^\/repositories\/[^/]+/, '/repos/{owner}/{repo}')
  const { document, resolve } = rest()
  const paths = resolve(document.paths)
  for (const { route, pattern } of routes(paths)) {
    if (!pattern.test(bare)) continue
    const item = resolve(paths[route])
    const operation = item[method.toLowerCase()]
    if (!isObject(operation)) continue
    const parameters = [item.parameters, operation.parameters].flatMap((list) =>
      Array.isArray(list) ? list : [],
    )
    const name = `${method.toUpperCase()} ${route}`
    return { route, name, operation, parameters: parameters.map((parameter) => resolve(parameter)) }
  }
  return undefined
}

/** Parameters that may hold slashes, as in `contents/src/main.ts` or `git/ref/heads/main`. */
const WITH_SLASHES = /\\\{(?:path|ref|branch|basehead)\\\}/g

function routes(paths: JsonObject): Route[] {
  routeTable ??= Object.keys(paths)
    .map((route) => {
      const escaped = route.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      const source = escaped.replaceAll(WITH_SLASHES, '.+').replaceAll(/\\\{\w+\\\}/g, '[^/]+')
      const literals = route.split('/').filter((segment) => !segment.startsWith('{')).length
      return { route, literals, pattern: new RegExp(`^${source}/?$`) }
    })
    // The most literal route first: `/issues/comments/{id}` before `/issues/{number}/…`.
    .sort((left, right) => right.literals - left.literals)
  return routeTable
}
