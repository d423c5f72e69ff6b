// Prices a call to GitHub: a read, a write, or new content, which GitHub limits separately.

/** What a call costs: `create` makes content that people see (comments, issues, pull requests, reviews). */
export type CallKind = 'read' | 'write' | 'create'

/** A call as it is sent. */
export type PricedCall = {
  method: string
  url: string
  kind: CallKind
  /** New content that it makes. */
  creates: number
  toTokens: boolean
  graphql: boolean
}

const CREATES_CONTENT = /\/(issues|comments|pulls|reviews|replies)$/

type Call = { method: string; url: string; [name: string]: unknown }

/** What is sent, and its price. */
export function priced(call: Call): PricedCall {
  const { method, url } = call
  const graphql = url.endsWith('/graphql')
  return { method, url, graphql, toTokens: url.endsWith('/access_tokens'), ...costOf(call, graphql) }
}

function costOf(call: Call, graphql: boolean): { kind: CallKind; creates: number } {
  const read = { kind: 'read' as const, creates: 0 }
  const write = { kind: 'write' as const, creates: 0 }
  if (call.url.endsWith('/access_tokens')) return read
  if (!graphql) {
    if (call.method === 'GET' || call.method === 'HEAD') return read
    return call.method === 'POST' && CREATES_CONTENT.test(call.url) ? { kind: 'create', creates: 1 } : write
  }
  if (!String(call.query).trimStart().startsWith('mutation')) return read
  const { request } = call
  if (typeof request !== 'object' || request === null || !('kind' in request)) return write
  if (request.kind !== 'create') return write
  const creates = 'creates' in request && typeof request.creates === 'number' ? request.creates : 1
  return { kind: 'create', creates }
}
