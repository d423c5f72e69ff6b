// The documents: their generated parts are current, their links and paths lead somewhere, their examples are good
// configurations.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { documents } from '../docs/generate.ts'
import { parsePolicy } from '../src/config/policy.ts'
import { SEVERITY_DEFAULTS } from '../src/config/severities.ts'
import { filesUnder, read } from './imports.ts'

const ROOT = new URL('..', import.meta.url).pathname
const written = [...readdirSync(ROOT), ...filesUnder('docs')].filter((path) => path.endsWith('.md'))

describe('generated parts', () => {
  it.each(documents())('of $path are current (`npm run docs` writes them)', ({ path, text }) => {
    expect(read(path)).toBe(text)
  })

  it('are not empty', () => {
    expect(read('docs/commands.md')).toContain('| `/ack` |')
    expect(read('docs/promises.md')).toContain('| P3 |')
    expect(read('docs/running.md')).toContain('| `PORT` | `3000` |')
    expect(read('docs/transitions.md')).toContain('| noted | ✗ not-declared |')
    expect(read('docs/architecture.md')).toContain('| note | [command/note]')
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

describe('paths', () => {
  // The configuration names paths of other repositories.
  const ours = written.filter((path) => path !== 'docs/configuration.md')
  const paths = ours.flatMap((path) =>
    [...read(path).matchAll(/`((?:src|test|docs|bench|templates|examples|\.github)\/[\w./-]+)`/g)].map(
      ([, named = '']) => ({ path, named }),
    ),
  )

  it('in code exist', () => {
    expect(paths.length).toBeGreaterThan(50)
    // A recipe makes some of the files that it names.
    const isMade = (path: string, named: string): boolean => read(path).includes(`\n+++ b/${named}`)
    const gone = paths.filter(({ path, named }) => !existsSync(join(ROOT, named)) && !isMade(path, named))
    expect(gone).toEqual([])
  })
})

describe('the doors', () => {
  it('are short', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(140)
  })

  it('lead through every folder and file of src', () => {
    const architecture = read('docs/architecture.md')
    const rooms = readdirSync(join(ROOT, 'src')).map((name) => `\`src/${name}\``)
    expect(rooms.filter((room) => !architecture.includes(room))).toEqual([])
  })

  it.each(['docs/decisions', 'docs/adding'])('of %s are all listed', (folder) => {
    const list = read(folder === 'docs/adding' ? 'docs/architecture.md' : 'docs/decisions/README.md')
    const pages = filesUnder(folder).filter((path) => !path.endsWith('README.md'))
    expect(pages.length).toBeGreaterThan(5)
    expect(pages.filter((path) => !list.includes(basename(path)))).toEqual([])
  })

  it('hold decisions of one form', () => {
    const pages = filesUnder('docs/decisions').filter((path) => !path.endsWith('README.md'))
    for (const path of pages) {
      expect(path).toMatch(/\/\d{3}-[a-z-]+\.md$/)
      expect(read(path), path).toMatch(/^# .+\n\n## Context\n[\s\S]+\n## Decision\n[\s\S]+\n## Consequence\n/)
      expect(read(path).split('\n').length, path).toBeLessThan(50)
    }
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
