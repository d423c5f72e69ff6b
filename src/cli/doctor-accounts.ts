// The doctor's checks of each account with the app: its permissions, its board, the configuration of its repositories.

import type { Settings } from '../config/env.ts'
import type { AppFacts } from '../github/app/app.ts'
import { type ListedInstallation, listInstallations } from '../github/app/installations.ts'
import { inspectBoard } from '../github/board/board.ts'
import type { GitHub, InstallationClient } from '../github/client/client.ts'
import { Refused } from '../github/client/errors.ts'
import { listRepositories } from '../github/history/changes.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { readManifest } from '../setup/manifest.ts'
import { readSettings } from '../shell/settings.ts'
import { type Finding, good, wrong } from './finding.ts'
import { lacking, losses } from './permissions.ts'
import { counted } from './terminal.ts'

type Account = ListedInstallation & { page: string }

export async function* checkAccounts(
  github: GitHub,
  { app, settings }: { app: AppFacts; settings: Settings },
): AsyncGenerator<Finding> {
  const { webUrl } = settings.github
  const listed = await listInstallations(github.app())
  if (listed.length === 0)
    yield wrong('installations: none', `install the app at ${webUrl}/apps/${app.slug}/installations/new`)
  for (const installation of listed) {
    const owner = installation.accountType === 'Organization' ? `/organizations/${installation.account}` : ''
    yield* checkAccount(github.installation(installation.id), {
      ...installation,
      page: `${webUrl}${owner}/settings/installations/${installation.id}`,
    })
  }
  const present = new Set(listed.map(({ account }) => account.toLowerCase()))
  for (const { source, account } of settings.alertTokens)
    if (!present.has(account))
      yield wrong(
        `ALERT_TOKENS: ${source} has a token for ${account}, where the app is not installed`,
        'install it there, or remove the token',
      )
}

async function* checkAccount(client: InstallationClient, account: Account): AsyncGenerator<Finding> {
  if (account.suspended) {
    yield wrong(`${account.account}: the app is suspended`, `unsuspend it at ${account.page}`)
    return
  }
  const isUser = account.accountType !== 'Organization'
  const missing = lacking(account.permissions, readManifest().default_permissions, isUser)
  yield missing.length === 0
    ? good(`${account.account}: every permission is granted`)
    : wrong(`${account.account}: not granted: ${losses(missing)}`, `accept the request at ${account.page}`)
  try {
    const boards = yield* checkRepositories(client, account)
    if (!isUser && !missing.some(({ name }) => name === 'organization_projects'))
      for (const wanted of boards) yield await checkBoard(client, account, wanted)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    yield wrong(`${account.account}: GitHub refuses: ${error.message}`, `look at ${account.page}`)
  }
}

type WantedBoard = Exclude<Policy['board'], 'none'>

/** Returns the boards that the repositories want. */
async function* checkRepositories(
  client: InstallationClient,
  { account, page }: Account,
): AsyncGenerator<Finding, WantedBoard[], undefined> {
  const boards = new Map<string, WantedBoard>()
  let seen = 0
  let withFile = 0
  let broken = 0
  for (const repository of await listRepositories(client)) {
    if (repository.archived) continue
    seen += 1
    const {
      source,
      good: policy,
      problems,
    } = await readSettings(client, {
      owner: repository.owner.login,
      name: repository.name,
      settings: null,
    })
    if (source) withFile += 1
    if (problems.length > 0) broken += 1
    for (const { message } of problems)
      yield wrong(
        `${source}: ${message}`,
        'correct it on the default branch; until then what held before it holds',
      )
    const board = policy?.board ?? 'auto'
    if (board !== 'none') boards.set(JSON.stringify(board), board)
  }
  if (seen === 0)
    yield wrong(`${account}: the app sees no repository that is not archived`, `choose some at ${page}`)
  else if (broken === 0)
    yield good(
      `${account}: ${counted(seen, 'repository', 'repositories')}, ${withFile} with a configuration, all of them valid`,
    )
  return [...boards.values()]
}

async function checkBoard(
  client: InstallationClient,
  { account }: Account,
  wanted: WantedBoard,
): Promise<Finding> {
  const found = await inspectBoard(client, { org: account, wanted })
  if (found.is === 'there') return good(`${account}: the board is ${found.url}`)
  if (found.is === 'to be made') return good(`${account}: the board is made with the first incident`)
  const number = typeof wanted === 'object' ? ` ${wanted.number}` : ''
  return wrong(
    `${account}: the board${number} cannot be used: ${found.why}`,
    found.why === 'closed'
      ? 'reopen it'
      : 'correct `board` in the configuration, or set it to `auto` or `none`',
  )
}
