// The recipes of docs/adding: each diff applies to the present tree, all of them together compile, and each touches few files.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesUnder, read } from './imports.ts'

const ROOT = new URL('..', import.meta.url).pathname
const COPIED = ['src', 'templates', 'docs', 'test', 'tsconfig.json', 'package.json']

/** The most files of `src` that a recipe may touch, and lines or files of templates. */
type Limit = { src: number; templateLines?: number; templateFiles?: number }

const LIMITS: { readonly [page: string]: Limit } = {
  'a-command': { src: 4, templateLines: 3, templateFiles: 1 },
  // To be 3: src/texts/notice/views.ts repeats what src/texts/notice/notice.ts fills.
  'a-clock': { src: 4, templateFiles: 1 },
  'a-text': { src: 2, templateFiles: 1 },
  // To be 2, the channel and its line: src/perform/page.ts and src/shell/settings.ts have to know of it, too.
  'a-channel': { src: 4 },
  'an-alert-source': { src: 2 },
  'a-migration': { src: 3 },
}

const pages = filesUnder('docs/adding').map((path) => {
  const name = /([\w-]+)\.md$/.exec(path)?.[1] ?? ''
  const diffs = [...read(path).matchAll(/^```diff\n([\s\S]*?)^```$/gm)].map(([, diff = '']) => diff)
  return { name, path, diffs, diff: diffs.join('') }
})

/** The paths that a diff touches, and the lines that it adds to each. */
const touched = (diff: string): { path: string; added: number }[] =>
  diff
    .split(/^diff --git /m)
    .slice(1)
    .map((part) => ({
      path: /^\+\+\+ b\/(.+)$/m.exec(part)?.[1] ?? '',
      added: [...part.matchAll(/^\+(?!\+\+ )/gm)].length,
    }))

describe('a recipe', () => {
  it('is there for each limit, and the other way round', () => {
    expect(pages.map(({ name }) => name).sort()).toEqual(Object.keys(LIMITS).sort())
  })

  it.each(pages)('of $path is one small diff', ({ diffs, diff }) => {
    expect(diffs).toHaveLength(1)
    expect(diff.split('\n').length).toBeLessThanOrEqual(180)
  })

  it.each(pages)('of $path touches few files', ({ name, diff }) => {
    const { src, templateLines = 5, templateFiles = 0 } = LIMITS[name] ?? { src: 0 }
    const files = touched(diff)
    const templates = files.filter(({ path }) => path.startsWith('templates/'))
    expect(files.filter(({ path }) => path.startsWith('src/')).length).toBeLessThanOrEqual(src)
    expect(templates.length).toBeLessThanOrEqual(templateFiles)
    expect(templates.reduce((lines, { added }) => lines + added, 0)).toBeLessThanOrEqual(templateLines)
  })
})

describe('all recipes together', () => {
  const copy = mkdtempSync(join(tmpdir(), 'mayday-adding-'))

  beforeAll(() => {
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  it('apply and compile', { timeout: 180_000 }, () => {
    // Git would look for a repository above the copy, and leave out what is not in it.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() }
    for (const { path, diff } of pages) {
      const applied = attempt(() =>
        execFileSync('git', ['apply', '-'], { cwd: copy, env, input: diff, stdio: 'pipe' }),
      )
      expect(applied, path).toBe('')
    }
    // Stories and promises load the whole stand-in of GitHub; their lines are applied only.
    const tests = pages
      .flatMap(({ diff }) => touched(diff).map(({ path }) => path))
      .filter((path) => /^test\/.*\.ts$/.test(path) && !/^test\/(stories|promises)\//.test(path))
    const config = { extends: './tsconfig.json', include: ['src', 'docs', ...tests] }
    writeFileSync(join(copy, 'tsconfig.adding.json'), JSON.stringify(config))
    const tsc = join(ROOT, 'node_modules/.bin/tsc')
    expect(
      attempt(() => execFileSync(tsc, ['-p', 'tsconfig.adding.json'], { cwd: copy, stdio: 'pipe' })),
    ).toBe('')
  })
})

/** What a program that failed has printed; nothing where it did not fail. */
function attempt(run: () => void): string {
  try {
    run()
    return ''
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && 'stderr' in error)) throw error
    return `${error.stdout}${error.stderr}` || error.message
  }
}
