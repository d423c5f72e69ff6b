// The documents: their generated parts are current, their links lead somewhere, their examples are good configurations.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { documents } from '../docs/generate.ts'
import { parsePolicy } from '../src/config/policy.ts'
import { SEVERITY_DEFAULTS } from '../src/config/severities.ts'

const ROOT = new URL('..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const written = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

describe('generated parts', () => {
  it.each(documents())('of $path are current (`node docs/generate.ts` writes them)', ({ path, text }) => {
    expect(read(path)).toBe(text)
  })

  it('are not empty', () => {
    expect(read('README.md')).toContain('| `/ack` |')
    expect(read('docs/configuration.md')).toContain('| `timezone` |')
    expect(read('docs/configuration.md')).toContain('| `respond_within` | 5m | 15m | 1h | 1bd |')
  })
})

describe('links', () => {
  it.each(written)('of %s lead to files and headings', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to]) => to ?? [])
    const broken = links.filter((to) => {
      if (/^https?:/.test(to)) return false
      const [file = '', heading] = to.split('#')
      const target = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(ROOT, target))) return true
      return heading !== undefined && !headings(target).includes(heading)
    })
    expect(broken).toEqual([])
  })
})

/** As GitHub names them. */
const headings = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )

describe('examples', () => {
  const blocks = written.flatMap((path) =>
    [...read(path).matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => ({ path, text })),
  )

  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(1)
  })

  it.each([
    ...blocks,
    { path: '.github/mayday.yml', text: read('.github/mayday.yml') },
  ])('in $path are good configurations', ({ path, text }) => {
    const { problems, warnings } = parsePolicy(text, path)
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
  })
})

describe('the environment', () => {
  it('is in the README, every variable and no other', () => {
    const known = [...read('src/config/env.ts').matchAll(/^ {2}([A-Z][A-Z_]+): z\b/gm)].map(
      ([, name]) => name,
    )
    const credentials = ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET']
    const rows = /^\| variable [\s\S]*?\n\n/m.exec(read('README.md'))?.[0] ?? ''
    const told = rows
      .split('\n')
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name))
    expect(known.length).toBeGreaterThan(10)
    expect(told.sort()).toEqual([...known, ...credentials].sort())
  })
})

describe('the issue form', () => {
  const form = z.object({
    labels: z.array(z.string()),
    body: z.array(
      z.object({
        type: z.enum(['dropdown', 'textarea', 'input']),
        id: z.string(),
        attributes: z.object({ label: z.string(), options: z.array(z.string()).optional() }),
      }),
    ),
  })

  it('is our own, too', () => {
    const withoutComments = (path: string): unknown => parse(read(path))
    expect(withoutComments('.github/ISSUE_TEMPLATE/incident.yml')).toEqual(
      withoutComments('examples/incident-form.yml'),
    )
  })

  it('sets the label and offers the severities by their names', () => {
    const { labels, body } = form.parse(parse(read('examples/incident-form.yml')))
    expect(labels).toEqual(['incident'])
    expect(body.map(({ id }) => id)).toEqual(['severity', 'seen', 'since'])
    const severities = Object.entries(SEVERITY_DEFAULTS).map(([key, { name, means }]) => {
      return `${key} ${name}: ${means.charAt(0).toLowerCase()}${means.slice(1)}`
    })
    expect(body[0]?.attributes.options).toEqual(['Not sure', ...severities])
  })
})
