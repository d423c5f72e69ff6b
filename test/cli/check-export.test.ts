// The command line: what it prints, where, and how it ends.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createStore } from '../../src/store/store.ts'
import { onPglite, onPgliteAtLeast } from '../database/backends.ts'
import { at, said as saidInFull } from './said.ts'

const folder = mkdtempSync(join(tmpdir(), 'mayday-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function said(words: string[], variables: Record<string, string> = {}) {
  const answer = await saidInFull(words, variables)
  return { ...answer, err: answer.err.map((line) => line.replaceAll(`${folder}/`, '')) }
}

function repository(name: string, files: Record<string, string>): string {
  mkdirSync(join(folder, name, 'mayday'), { recursive: true })
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, name, path), text)
  return join(folder, name, 'mayday.yml')
}

describe('usage', () => {
  it.each([
    [['doctor', 'x'], 'Expected: npm run mayday -- doctor'],
    [['backup'], 'Expected: npm run mayday -- backup <file>'],
    [['purge', 'a', 'b'], 'Expected: npm run mayday -- purge <account>'],
    [['config'], 'Expected: npm run mayday -- config check <file>'],
    [['config', 'check'], 'Expected: npm run mayday -- config check <file>'],
    [['export', 'a', 'b'], 'Expected: npm run mayday -- export <owner/name#number>'],
    [['restor', 'x'], 'There is no command restor.'],
    [['serve'], 'There is no command serve.'],
    [['doctor', '--fix'], 'There is no option --fix.'],
  ])('%j is wrong, and why is said', async (words, why) => {
    const { exit, out, err } = await said(words)
    expect({ exit, out, why: err[0]?.trim() }).toEqual({ exit: 2, out: [], why })
    expect(err[1]).toContain('Usage: npm run mayday -- <command>')
  })

  it('is told where nothing was asked', async () => {
    const { exit, err } = await said([])
    expect({ exit, said: err[0] }).toEqual({ exit: 2, said: expect.stringContaining('Usage: ') })
  })

  it('is told on demand', async () => {
    const { exit, out } = await said(['--help'])
    expect(exit).toBe(0)
    expect(out[0]).toContain('config check <file>')
    expect((await said(['restore', '--help'])).out).toEqual([
      expect.stringMatching(/^Usage: .* restore <file>\n/),
    ])
  })
})

describe('as a program', () => {
  it('answers on its outputs and ends with its code', () => {
    const program = new URL('../../src/cli.ts', import.meta.url).pathname
    const file = repository('program', { 'mayday.yml': 'severties: {}\n' })
    const ended = spawnSync(process.execPath, [program, 'config', 'check', file], { encoding: 'utf8' })
    expect(ended).toMatchObject({ status: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^.*mayday\.yml:1:1: error: .*`severities`.*\n$/)
  })
})

describe('config check', () => {
  it('finds nothing in a good file', async () => {
    const file = repository('good', { 'mayday.yml': 'timezone: Europe/Berlin\n' })
    expect(await said(['config', 'check', file])).toEqual({ exit: 0, out: [`${file} is good.`], err: [] })
  })

  it('says where each problem is', async () => {
    const file = repository('bad', {
      'mayday.yml': 'severties:\n  P0: {}\nseverities:\n  P0:\n    respond_within: 5 minutes\n',
    })
    const { exit, out, err } = await said(['config', 'check', file])
    expect({ exit, out }).toEqual({ exit: 1, out: [] })
    expect(err).toEqual([
      expect.stringMatching(/^bad\/mayday\.yml:1:1: error: .*severties.*severities/),
      expect.stringMatching(/^bad\/mayday\.yml:5:5: error: .*respond_within.*`5 minutes`/),
    ])
  })

  it('warns of what refers to nothing, and says that `_extends` is not followed', async () => {
    const file = repository('warn', {
      'mayday.yml': '_extends: .github\nalerts:\n  declare: [P9]\n',
    })
    const { exit, out, err } = await said(['config', 'check', file])
    expect({ exit, out }).toEqual({ exit: 0, out: [`${file} is good.`] })
    expect(err).toEqual([
      expect.stringMatching(/^warn\/mayday\.yml:3:\d+: warning: .*P9/),
      expect.stringContaining('note: what `_extends` names is not read here'),
    ])
  })

  it('checks the templates beside it', async () => {
    const file = repository('templates', {
      'mayday.yml': '',
      'mayday/change.md.hbs': 'fine {{name}}',
      'mayday/help.md.hbs': 'line\n{{lookup a b}}',
      'mayday/hepl.md.hbs': 'x',
      'mayday/notes.txt': 'not read',
    })
    const { exit, err } = await said(['config', 'check', file])
    expect(exit).toBe(1)
    expect(err).toEqual([
      expect.stringMatching(/^templates\/mayday\/help\.md\.hbs:2:1: error: `lookup` is no helper/),
      expect.stringMatching(
        /^templates\/mayday\/hepl\.md\.hbs: error: there is no text hepl; there are .* help /,
      ),
    ])
  })

  it('cannot check what is not there', async () => {
    const { exit, err } = await said(['config', 'check', join(folder, 'none.yml')])
    expect({ exit, err }).toEqual({ exit: 2, err: ['none.yml cannot be read: there is no such file.'] })
  })
})

onPgliteAtLeast('export', (open, place) => {
  const variables = at(place)

  it('prints the facts of one incident in the order in which they were stored', async () => {
    const database = await open()
    const store = createStore(database)
    const seen = { id: 7, installation: 1, owner: 'Acme', name: 'web', private: false, defaultBranch: 'main' }
    await store.repositories.save(seen)
    const [target, other] = [
      await store.incidents.make({ installation: 1, repository: 7, number: 42 }, 1_000),
      await store.incidents.make({ installation: 1, repository: 7, number: 43 }, 1_000),
    ]
    const fact = { rank: 3, origin: 1, index: 0, by: 'ada' }
    const noted = { kind: 'noted', text: 'an "old"\nline', key: 'b', at: 500, n: 2, ...fact } as const
    const acknowledged = { kind: 'acknowledged', key: 'a', at: 900, n: 1, ...fact } as const
    await store.events.append(target.incident, [acknowledged], 1_000)
    await store.events.append(target.incident, [noted], 2_000)
    await store.events.append(other.incident, [noted], 1_500)
    await database.close()

    const { exit, out, err } = await said(['export', 'acme/web#42'], variables)
    expect({ exit, err }).toEqual({ exit: 0, err: [] })
    expect(out.map((line) => JSON.parse(line))).toEqual([acknowledged, noted])
  })

  it('says that there is no such incident', async () => {
    const { exit, err } = await said(['export', 'acme/web#4'], variables)
    expect({ exit, err }).toEqual({ exit: 1, err: ['There is no incident acme/web#4.'] })
  })
})

onPglite('export', (open, place) => {
  it('is refused while a server works on the same folder', async () => {
    const database = await open()
    try {
      const { exit, out, err } = await said(['export', 'acme/web#42'], { DATA_DIR: place.dataDir })
      expect({ exit, out }).toEqual({ exit: 1, out: [] })
      expect(err[0]).toContain('Another process')
    } finally {
      await database.close()
    }
  })
})

describe('export', () => {
  it('makes no database where there is none', async () => {
    const { exit, err } = await said(['export', 'acme/web#42'], { DATA_DIR: join(folder, 'empty') })
    expect({ exit, err }).toEqual({
      exit: 1,
      err: [
        'Nothing is stored in empty (DATA_DIR), and DATABASE_URL is not given. Give the one that the server has.',
      ],
    })
  })

  it.each(['INC-42', 'acme/web', 'acme#42'])('needs an issue, not %s', async (name) => {
    const { exit, err } = await said(['export', name])
    expect({ exit, err }).toEqual({
      exit: 2,
      err: [`${name} is no incident: expected its issue, such as acme/web#42.`],
    })
  })

  it('names a wrong variable', async () => {
    const { exit, err } = await said(['export', 'acme/web#42'], { PORT: 'x' })
    expect({ exit, err }).toEqual({
      exit: 1,
      err: ['PORT is wrong: expected a port number from 0 to 65535, found "x"'],
    })
  })
})
