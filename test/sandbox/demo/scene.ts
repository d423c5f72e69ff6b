// Where the demo begins: a search service, its rules for incidents, and what was merged and deployed before the day.
import { clock } from '../../clock.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Repository } from '../world/world.ts'

/** Milliseconds since the epoch of `2025-12-18 10:30` (UTC). */
export const utc = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`)

const MAYDAY_YML = `# What Mayday does in this repository. Every key is optional.
timezone: UTC
lead: ["@acme/search"]
severities:
  P0:
    escalate:
      - { after: 5m, to: ["@acme/on-call"] }
      - { after: 10m, to: ["@acme/leads"] }
  P1:
    escalate:
      - { after: 15m, to: ["@acme/on-call"] }
      - { after: 1h, to: ["@acme/leads"] }
  P2: {}
  P3: {}
nudges:
  no_lead: { after: 5m, every: 30m, times: 2 }
checklist:
  investigating:
    - Stop every migration that still runs
    - Say what the snapshot holds
    - Look at recent changes
  identified:
    - Tell the search team to start no migration
    - Choose the way out, rollback or fix
  fixing:
    - Have the fix approved
    - Compare the document count with the snapshot
  monitoring:
    - Watch search answers for 15 minutes
services:
  search:
    paths: ["services/search/**", "migrations/**"]
    owners: ["@acme/search"]
    runbook: https://wiki.acme.example/search/migrations
targets: { detect: 5m, acknowledge: 5m, mitigate: 30m, resolve: 4h }
reminders: { escalate_after: 7d, escalate_to: ["@dee"] }
`

const CODEOWNERS = `* @acme/leads
/services/search/ @acme/search
/migrations/ @cy
`

const INDEX = `/** The one index that the service reads. */
export const index = process.env.SEARCH_INDEX ?? 'file-index'
`

const MIGRATE = `import type { Cluster } from './cluster.ts'

const index = 'file-search-dev'

export async function migrate(cluster: Cluster, stamp: string): Promise<void> {
  await cluster.snapshot(index, \`\${index}-backup-\${stamp}\`)
  await cluster.drop(index)
  await cluster.create(index)
}
`

export const MENDED = `import type { Cluster } from './cluster.ts'
import { index } from './index-name.ts'

export async function migrate(cluster: Cluster, stamp: string): Promise<void> {
  // Before anything is dropped: a laptop outside the VPC stops here.
  await cluster.assertReachable()
  await cluster.snapshot(index, \`\${index}-backup-\${stamp}\`)
  await cluster.drop(index)
  await cluster.create(index)
}
`

/** Lives the days before the incident; nobody hears of them, because the app is not there yet. */
export function setScene(sandbox: Sandbox): Repository {
  const repository = sandbox.repository('acme/search')
  const ada = sandbox.as('ada')
  repository.description = 'Finds files by what is in them'
  sandbox.installations.uninstall()
  clock.set(utc('2025-12-15 09:10'))
  ada.push({
    branch: 'main',
    message: 'Say how incidents run here',
    files: { '.github/mayday.yml': MAYDAY_YML, CODEOWNERS },
  })
  merge(sandbox, {
    title: 'Add the migration of the search index',
    branch: 'index-migration',
    at: '2025-12-16 15:20',
    files: { 'services/search/migrate.ts': MIGRATE, 'services/search/index-name.ts': INDEX },
  })
  clock.set(utc('2025-12-17 17:05'))
  sandbox.deployments.report({ ref: 'main', state: 'success' })
  merge(sandbox, {
    title: 'Weigh titles above bodies',
    branch: 'title-weight',
    at: '2025-12-18 09:40',
    files: { 'services/search/ranking.ts': 'export const weight = { title: 3, body: 1 }\n' },
  })
  sandbox.protect(repository, 'main', { requiredApprovals: 1 })
  return repository
}

type Merged = { title: string; branch: string; at: string; files: Record<string, string> }

function merge(sandbox: Sandbox, { title, branch, at, files }: Merged): void {
  const [ada, cy] = [sandbox.as('ada'), sandbox.as('cy')]
  clock.set(utc(at))
  cy.push({ branch, files, message: title })
  const pull = cy.openPull({ head: branch, title })
  ada.review(pull, 'approve')
  cy.merge(pull)
}
