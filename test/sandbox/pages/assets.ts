// The files that a browser asks for: style sheets, scripts, mermaid. All from this machine.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { PageAnswer } from './visit.ts'

const require = createRequire(import.meta.url)
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const theme = (name: string): string =>
  require.resolve(`@primer/primitives/dist/css/functional/themes/${name}.css`)

const CSS = 'text/css; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'

const ASSETS: Record<string, { type: string; path: () => string }> = {
  'live.js': { type: SCRIPT, path: () => here('live.js') },
  'light.css': { type: CSS, path: () => theme('light') },
  'dark.css': { type: CSS, path: () => theme('dark') },
  'markdown.css': { type: CSS, path: () => require.resolve('github-markdown-css/github-markdown.css') },
  'idiomorph.js': { type: SCRIPT, path: () => require.resolve('idiomorph/dist/idiomorph.esm.js') },
  'icon.svg': {
    type: 'image/svg+xml',
    path: () => require.resolve('@primer/octicons/build/svg/beaker-24.svg'),
  },
}

/** In this order: what comes later wins. */
const SHEETS = ['frame', 'parts', 'controls', 'issue', 'code', 'board', 'markdown', 'narrow']

const style = (): PageAnswer => ({
  status: 200,
  headers: { 'content-type': CSS, 'cache-control': 'no-cache' },
  body: SHEETS.map((name) => readFileSync(here(`style/${name}.css`), 'utf8')).join('\n'),
})

/** Mermaid's entry imports its diagrams from `chunks/` by relative address. */
const MERMAID = /^mermaid\/(mermaid\.esm\.min\.mjs|chunks\/mermaid\.esm\.min\/[\w.-]+\.mjs)$/

const read = new Map<string, Buffer>()

/** The asset of that name (the address after `/_assets/`), or null. */
export function asset(name: string): PageAnswer | null {
  if (name === 'style.css') return style()
  const mermaid = MERMAID.exec(name)?.[1]
  const known = mermaid
    ? { type: SCRIPT, path: () => require.resolve(`mermaid/dist/${mermaid}`) }
    : Object.hasOwn(ASSETS, name)
      ? ASSETS[name]
      : undefined
  if (!known) return null
  try {
    const body = read.get(name) ?? readFileSync(known.path())
    if (mermaid) read.set(name, body)
    const age = mermaid ? 'max-age=86400' : 'no-cache'
    return { status: 200, headers: { 'content-type': known.type, 'cache-control': age }, body }
  } catch {
    return null
  }
}
