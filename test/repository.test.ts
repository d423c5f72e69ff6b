// What a newcomer and continuous integration find in the repository agrees with the code.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readEnvironment } from '../src/config/env.ts'
import { filesUnder, read } from './imports.ts'

const source = read('src/config/env.ts')
const variables = [
  ...[...source.matchAll(/^ {2}([A-Z_]+): z\b/gm)].map(([, name = '']) => name),
  ...(/const \{ (APP_ID[^}]*) \} = given/.exec(source)?.[1] ?? '').split(', '),
]

test('.env.example names every variable with its meaning, and nothing else', () => {
  const named = [...read('.env.example').matchAll(/^# .*\n#([A-Z_]+)=/gm)].map(([, name]) => name)
  expect(variables.length).toBeGreaterThan(15)
  expect(named.toSorted()).toEqual(variables.toSorted())
})

test('docs/running.md names every variable', () => {
  const rows = [...read('docs/running.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
  expect(rows.toSorted()).toEqual(variables.toSorted())
})

test('.env.example shows the defaults', () => {
  const shown = Object.fromEntries(
    [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
  expect(readEnvironment({ ...shown, DATA_DIR: './no-data' })).toEqual(
    readEnvironment({ DATA_DIR: './no-data' }),
  )
})

test('Node has one version', () => {
  const { devDependencies, engines } = JSON.parse(read('package.json'))
  expect(read('.node-version')).toBe(`${devDependencies.node}\n`)
  expect(engines.node).toMatch(/^>=24\./)
  for (const path of filesUnder('.github/workflows')) expect(read(path), path).not.toContain('node-version: ')
})

test('continuous integration checks apart from the tests, retries nothing and finishes each commit of main', () => {
  const { jobs, concurrency } = parse(read('.github/workflows/ci.yml'))
  expect(jobs.check['timeout-minutes']).toBeLessThanOrEqual(5)
  expect(jobs.check.steps.at(-1)).toEqual({ run: '.ci/run check' })
  expect(jobs.test.steps.at(-1)).toEqual({ run: '.ci/run test' })
  expect(concurrency['cancel-in-progress']).toContain("!= 'refs/heads/main'")
  expect(read('test/vitest.config.ts')).not.toContain('retry')
})

test('a release begins with the version of package.json', () => {
  const { jobs } = parse(read('.github/workflows/release.yml'))
  expect(jobs.version.steps.at(-1).run).toContain('[ "$TAG" = "v$version" ]')
  expect(jobs.suite.needs).toBe('version')
  expect(jobs.image.needs).toBe('suite')
})

test('CODEOWNERS gives nothing to anybody who may not exist', () => {
  const rules = read('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => /^[^#\s]/.test(line))
  expect(rules).toEqual([])
})

test('issue forms are whole', () => {
  const forms = filesUnder('.github/ISSUE_TEMPLATE').filter((path) => !path.endsWith('/config.yml'))
  expect(forms.length).toBe(3)
  for (const path of forms)
    expect(parse(read(path)), path).toMatchObject({
      name: expect.any(String),
      description: expect.any(String),
      body: expect.arrayContaining([expect.objectContaining({ id: expect.any(String) })]),
    })
  expect(parse(read('.github/ISSUE_TEMPLATE/config.yml')).contact_links[0].about).toContain('SECURITY.md')
})
