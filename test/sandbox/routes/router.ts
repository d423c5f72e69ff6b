// Finds the route of a path, GitHub's way of writing patterns.
import type { Route } from '../api.ts'

export type Match = { route: Route; params: Record<string, string> }

/** Parameters that may hold slashes. */
const GREEDY = new Set(['ref', 'basehead', 'branch'])

type Compiled = { route: Route; expression: RegExp; names: string[]; literals: number }

/** More literal segments win, so that `/issues/comments` is no issue's number. */
export function makeRouter(routes: Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map(compile).sort((a, b) => b.literals - a.literals)
  return (method, path) => {
    for (const each of compiled) {
      if (each.route.method !== method) continue
      const found = each.expression.exec(path)
      if (found === null) continue
      const values = found.slice(1).map((value) => decode(value ?? ''))
      return {
        route: each.route,
        params: Object.fromEntries(each.names.map((name, at) => [name, values[at] ?? ''])),
      }
    }
    return undefined
  }
}

function compile(route: Route): Compiled {
  const names = [...route.pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
  const source = route.pattern.replace(/\/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'path') return '(?:/(.*))?'
    if (GREEDY.has(name)) return '/(.+)'
    const isNumber = /_(id|number)$/.test(name) && name !== 'workflow_id'
    return isNumber ? '/(\\d+)' : '/([^/]+)'
  })
  const literals = route.pattern.split('/').filter((part) => part !== '' && !part.startsWith('{')).length
  return { route, expression: new RegExp(`^${source}/?$`), names, literals }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
