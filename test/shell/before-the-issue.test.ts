// An incident may be there before its issue: what is known of it is kept, and what is for the issue waits.
import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { defaultPolicy } from '../../src/config/policy.ts'
import type { Database } from '../../src/database/database.ts'
import { createGitHub } from '../../src/github/client/client.ts'
import { perform } from '../../src/perform/perform.ts'
import { startQueue } from '../../src/queue/queue.ts'
import { execute } from '../../src/shell/execute.ts'
import { load } from '../../src/shell/load.ts'
import { rememberIssue } from '../../src/shell/remember.ts'
import { placeOfStored } from '../../src/shell/settings.ts'
import type { Shell } from '../../src/shell/shell.ts'
import { queueDue } from '../../src/shell/timers.ts'
import { createStore } from '../../src/store/store.ts'
import { loadTemplates } from '../../src/templates/templates.ts'
import { forEachBackend, silent } from '../database/backends.ts'
import { declared, event } from '../incident/given.ts'

const HERE = { installation: 11, repository: 21 }
const NOW = declared('10:00').at

/** A shell whose GitHub is not there. */
async function shellOf(database: Database): Promise<Shell> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const now = (): number => NOW
  const store = createStore(database)
  const github = createGitHub({
    ...{ appId: 1, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
    ...{ baseUrl: 'http://localhost:9', userAgent: 'test', now, log: silent },
    takeToken: async () => ({ ok: true }),
  })
  const templates = loadTemplates(new URL('../../templates/', import.meta.url).pathname)
  const queue = await startQueue({ database, log: silent })
  await store.installations.saveSeen({ id: 11, account: 'acme', accountType: 'Organization', at: NOW })
  const repository = { id: 21, installation: 11, owner: 'acme', name: 'web', private: true }
  await store.repositories.save({ ...repository, defaultBranch: 'main' })
  await store.repositories.saveSettings(21, { good: defaultPolicy, source: null, problems: [] }, NOW)
  return { database, store, queue, github, templates, log: silent, now }
}

forEachBackend('an incident without an issue', (open) => {
  test('is stored and decided, wakes, and lets its effects wait until it has one', async () => {
    const database = await open()
    const shell = await shellOf(database)
    const { store } = shell
    const rules = await placeOfStored(shell, HERE.repository)
    if (!rules) throw new Error('no rules')

    const target = await store.incidents.make({ ...HERE, number: null }, NOW)
    const other = await store.incidents.make({ ...HERE, number: null }, NOW)
    expect(target).toEqual({ ...HERE, incident: target.incident, number: null })
    expect(other.incident).not.toBe(target.incident)

    await execute(shell, target, { facts: [declared('10:00', 'P0')], rules })
    const { after } = await execute(shell, target, {
      facts: [event('10:01', { kind: 'acknowledged' })],
      rules,
    })
    expect([after.declared, after.severity, after.milestones.acknowledged]).toEqual([
      true,
      'P0',
      NOW + 60_000,
    ])
    expect(await load(shell, target)).toMatchObject({ issue: null, url: '', incident: { severity: 'P0' } })

    await database.query('UPDATE mayday.incidents SET wake_at = $2 WHERE id = $1', [
      target.incident,
      new Date(NOW),
    ])
    expect(await queueDue(shell)).toBe(1)
    const waiting = await database.query<{ key: string }>('SELECT key FROM mayday.inbox')
    expect(waiting).toEqual([{ key: `incident:${target.incident}` }])

    const effect = { incident: target.incident, effect: { do: 'sync-issue' } }
    const job = { id: 'a', key: 'a', data: effect, attempt: 1 }
    expect(await perform(shell, job)).toEqual({ again: 'waiting', afterSeconds: 10 })

    const url = 'https://github.com/acme/web/issues/42'
    await store.incidents.move({ ...target, number: 42 })
    const there = await store.incidents.at(HERE.repository, 42)
    expect(there).toEqual({ ...target, number: 42 })
    if (!there) return
    await rememberIssue(shell, there, { number: 42, nodeId: 'I_42', url })
    const issue = { owner: 'acme', repo: 'web', number: 42 }
    expect(await load(shell, there)).toMatchObject({ issue, url, incident: { severity: 'P0' } })
    await shell.queue.stop({ timeoutMs: 0 })
    await shell.templates.close()
    await database.close()
  })
})
