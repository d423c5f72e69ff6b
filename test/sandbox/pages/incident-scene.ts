// One incident twenty minutes in, for looking at the pages and for their tests: issue, hotfix, board, sub-issues.
import { setScene } from '../graphql/world.ts'
import { addAccount } from '../mutate/accounts.ts'
import { createCheckRun } from '../mutate/checks.ts'
import { addComment, pinComment, react } from '../mutate/comments.ts'
import { createDeployment, createDeploymentStatus } from '../mutate/deploy.ts'
import { commitOnBranch, createLinkedBranch } from '../mutate/git.ts'
import { addAssignees, createIssue } from '../mutate/issues.ts'
import { addLabels, createLabel } from '../mutate/labels.ts'
import { createPull, requestReviewers } from '../mutate/pulls.ts'
import { personActor } from '../world/rules.ts'
import type { Actor, Issue, IssueComment, Project, ProjectItem, Repository, World } from '../world/world.ts'
import { makeBoard } from './incident-board.ts'

const MINUTE = 60_000

export type IncidentScene = {
  world: World
  repository: Repository
  incident: Issue
  living: IssueComment
  hotfix: Issue
  project: Project
  card: ProjectItem
  pass: (milliseconds: number) => void
}

const COLOURS: Record<string, string> = {
  incident: 'b60205',
  'sev:P0': 'd73a4a',
  'sev:P1': 'e99695',
  'status:fixing': 'fbca04',
  'status:monitoring': '0e8a16',
  hotfix: '5319e7',
  'post-incident-review': 'c5def5',
}

export type Crew = { ada: Actor; dee: Actor; cy: Actor; eli: Actor; app: Actor }
type Site = { repository: Repository; incident: Issue; crew: Crew; pass: (milliseconds: number) => void }

export function incidentScene(): IncidentScene {
  const scene = setScene()
  const { world, repository, acme, pass } = scene
  const joins = (login: string, name: string | null = null): Actor => {
    const account = addAccount(world, { login, name })
    acme.members.set(account, 'member')
    repository.collaborators.set(account, 'write')
    return personActor(account)
  }
  const ada = personActor(scene.ada)
  const dee = joins('dee', 'Dee Okafor')
  const crew: Crew = { ada, dee, cy: joins('cy', 'Cy Lindqvist'), eli: joins('eli'), app: scene.app }
  for (const [name, color] of Object.entries(COLOURS)) createLabel(world, ada, { repository, name, color })
  const incident = createIssue(world, dee, {
    repository,
    title: 'Search answers from a stale index',
    body: BODY,
  })
  pass(2 * MINUTE)
  addLabels(world, dee, { issue: incident, names: ['incident', 'sev:P1'] })
  pass(1000)
  const living = addComment(world, crew.app, { issue: incident, body: 'Declared.' })
  pinComment(world, crew.app, { comment: living })
  const hotfix = openHotfix(world, { repository, incident, crew, pass })
  living.body = livingText(hotfix.number)
  return {
    world,
    repository,
    incident,
    living,
    hotfix,
    pass,
    ...makeBoard(world, { incident, hotfix, crew }),
  }
}

const BODY = `The migration stopped half-way.

- [x] Tell support
- [ ] Find the last good snapshot

Saw \`AccessDenied\` in \`services/search/index.ts\`.`

function openHotfix(world: World, { repository, incident, crew, pass }: Site): Issue {
  pass(3 * MINUTE)
  const acknowledgement = addComment(world, crew.ada, {
    issue: incident,
    body: '/ack\n/sev P0 nothing is indexed',
  })
  react(world, crew.app, { subject: acknowledgement, content: 'eyes' })
  react(world, crew.app, { subject: acknowledgement, content: 'rocket' })
  addLabels(world, crew.app, { issue: incident, names: ['sev:P0', 'status:fixing'] })
  addAssignees(world, crew.app, { issue: incident, logins: ['ada'] })
  pass(8 * MINUTE)
  const branch = 'hotfix/incident-INC-1'
  const oid = repository.branches.get('main') ?? ''
  createDeployment(world, crew.ada, { repository, ref: 'main', environment: 'production' })
  for (const deployment of repository.deployments)
    createDeploymentStatus(world, crew.ada, { deployment, state: 'success' })
  createLinkedBranch(world, crew.app, { issue: incident, repository, name: branch, oid })
  const record =
    '---\nid: INC-1\nseverity: P0\nservices: [search, api]\n---\n# Search answers from a stale index\n\n| | |\n|---|---|\n| **Lead** | @ada |\n'
  const additions = new Map([
    ['docs/incidents/incident-2026-11-02-search.md', record],
    [
      'services/search/index.ts',
      '// The snapshot before the migration.\nexport const limit = 10\nexport const index = "search-9"\n',
    ],
  ])
  const commit = commitOnBranch(world, crew.app, { repository, branch, message: 'Record INC-1', additions })
  const body = `Part of #${incident.number} · **P0** · lead @ada\n\n**What can go wrong** <!-- risk -->\n\nMerging deploys \`deploy.yml\`.`
  const hotfix = createPull(world, crew.app, {
    repository,
    title: 'Hotfix: INC-1 - Search answers from a stale index',
    head: branch,
    base: 'main',
    body,
    draft: true,
  })
  addLabels(world, crew.app, { issue: hotfix, names: ['hotfix'] })
  requestReviewers(world, crew.app, { issue: hotfix, logins: ['cy'] })
  createCheckRun(world, crew.app, {
    repository,
    name: 'Mayday / hotfix',
    headSha: commit.sha,
    conclusion: 'action_required',
    output: {
      title: 'Not yet: 1 of 1 approvals missing',
      summary: '**Not yet**: 1 of 1 approvals missing · "What can go wrong" is empty',
    },
  })
  return hotfix
}

const livingText = (hotfix: number): string => `### 🔴 INC-1 · P0 Critical · fixing

| | |
|---|---|
| **ID** | INC-1 |
| **Severity** | P0 Critical (was P1 until 09:05) |
| **Status** | fixing, for 6 min |
| **Lead** | @ada |
| **Started** | 08:52 UTC · **Declared** 09:02 · **Acknowledged** 09:05 |
| **Impact** | Search answers from a stale index; nothing lost so far |
| **Next update** | 09:20 UTC, by @ada (\`/update …\`) |
| **Links** | hotfix #${hotfix} · [runbook](https://wiki.acme.example/search) |

**Now** (fixing)
- [x] Stop the migration script
- [ ] Approve hotfix #${hotfix} · waiting for @cy
- [ ] Compare document counts with the snapshot

**Timeline**
| # | Time (UTC) | Event | By | Evidence |
|---|---|---|---|---|
| 1 | 08:52 | Access refused; script stopped at "delete index" | @dee | [note](#x) |
| 2 | 09:02 | Declared P1 | @dee | [label](#x) |
| 3 | 09:05 | Acknowledged; @ada leads | @ada | [comment](#x) |
| 5 | 09:13 | Hotfix opened from the last good deployment | @ada | #${hotfix} |

\`\`\`mermaid
gantt
  title INC-1
  dateFormat HH:mm
  axisFormat %H:%M
  section Status
  investigating :done, 09:02, 09:05
  fixing :active, 09:05, 09:31
\`\`\`

<details><summary>What you can say here</summary>

- \`/ack\` takes it
- \`/update <text>\` tells everyone

</details>

<!-- mayday:incident -->
`
