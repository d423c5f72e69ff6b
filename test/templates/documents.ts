// What the long texts are filled with: the living comment, its continuation, hotfix, review, action item and record.
import { STATUSES } from '../../src/incident/base/lifecycle.ts'
import { Markup, spans } from '../../src/markdown.ts'
import type { Samples } from './views.ts'

const AT = 'https://github.com/acme/web'

const entries = [
  {
    n: 1,
    time: '10:11',
    text: new Markup('Access refused; script stopped at "delete index"'),
    by: '@dee',
    link: { text: new Markup('comment'), url: `${AT}/issues/42#issuecomment-7` },
  },
  { n: 2, time: '10:30', text: new Markup('Declared P1 High'), by: '@dee', link: null },
  {
    n: 5,
    time: '10:41',
    text: new Markup('Hotfix opened from `9f8e7d6`'),
    by: null,
    link: { text: new Markup('#57'), url: `${AT}/pull/57` },
  },
  { n: 9, time: '2025-12-19 00:12', text: new Markup('Resolved'), by: '@ada', link: null },
]

const commands = [
  { usage: new Markup('/ack'), does: new Markup('Acknowledges; the sender leads if nobody does.') },
  { usage: new Markup('/amend <n> <text>'), does: new Markup('Rewrites timeline entry _n_.') },
]

const early = {
  icon: '🔴',
  name: 'INC-42',
  id: 'INC-42',
  severity: 'P2 Medium',
  severityWas: null,
  severityAssumed: true,
  status: 'investigating',
  statusSince: '10:30 UTC',
  cancelled: null,
  lead: null,
  roles: [],
  started: null,
  declared: '10:30 UTC',
  acknowledged: null,
  mitigated: null,
  resolved: null,
  impact: null,
  cause: null,
  services: null,
  nextUpdate: { at: '12:30 UTC', by: null },
  links: [],
  hasLinks: false,
  now: [
    { text: 'Say who notices what', checked: false },
    { text: 'Look at recent changes', checked: false },
  ],
  nowMore: null,
  suspects: [],
  suspectsMore: null,
  knownBefore: [],
  items: [],
  itemsMore: null,
  chartTitle: new Markup('INC-42'),
  after: null,
  problems: [],
  noBoard: null,
  older: null,
  entries: entries.slice(1, 2),
  commands,
}

const fixing = {
  ...early,
  name: '[DRILL] INC-42',
  severity: 'P0 Critical',
  severityWas: { severity: 'P1', until: '10:24' },
  severityAssumed: false,
  status: 'fixing',
  statusSince: '10:41 UTC',
  lead: '@ada',
  roles: [
    { role: 'Comms', user: '@bo' },
    { role: 'Scribe', user: '@cy' },
  ],
  started: '10:11 UTC',
  acknowledged: '10:33 UTC',
  impact: 'Search answers from a stale index; nothing lost so far',
  cause: 'Migration renamed the index before the alias moved',
  services: 'search, api',
  nextUpdate: { at: '10:48 UTC', by: '@ada' },
  links: [
    { label: 'hotfix ', text: new Markup('#57 (open)'), url: `${AT}/pull/57`, separator: false },
    { label: '', text: 'runbook search', url: 'https://wiki.acme.example/search', separator: true },
    { label: '', text: 'bridge', url: 'https://meet.acme.example/inc-42', separator: true },
  ],
  hasLinks: true,
  now: [
    { text: 'Stop the migration script', checked: true },
    { text: 'Have the fix approved', checked: false },
  ],
  suspects: [
    { name: new Markup('#12'), url: `${AT}/issues/12`, by: '@ada', cleared: null },
    { name: new Markup('#13'), url: `${AT}/issues/13`, by: '@ada', cleared: { by: '@bo' } },
  ],
  suspectsMore: 3,
  nowMore: 12,
  knownBefore: [
    {
      since: 'INC-12',
      text: new Markup('#31'),
      url: `${AT}/issues/31`,
      what: 'Validate network access before migrations',
      overdue: '31 days',
      owner: '@eli',
    },
    {
      since: 'INC-12',
      text: new Markup('#32'),
      url: `${AT}/issues/32`,
      what: 'Name the owner of each index',
      overdue: null,
      owner: null,
    },
  ],
  items: [
    {
      text: 'Alarm on document count',
      issue: new Markup('#61'),
      url: `${AT}/issues/61`,
      owner: '@eli',
      done: false,
    },
  ],
  itemsMore: 180,
  problems: [
    spans('`severities.P0.respond_within` is "5 minutes"; allowed: a duration such as `30s`, `15m`, `2h`.'),
    spans('`severties` is no key here. Did you mean `severities`?'),
  ],
  noBoard: 'no organization',
  older: {
    count: 240,
    parts: [
      { part: 'part 1', url: `${AT}/issues/42#issuecomment-8` },
      { part: 'part 2', url: `${AT}/issues/42#issuecomment-9` },
    ],
  },
  entries,
}

const resolved = {
  ...early,
  icon: '🟢',
  severity: 'P0 Critical',
  severityAssumed: false,
  chartTitle: new Markup('_INC__42_'),
  status: 'resolved',
  statusSince: '2025-12-19 00:12 UTC',
  lead: '@ada',
  started: '10:11 UTC',
  acknowledged: '10:33 UTC',
  mitigated: '23:50 UTC',
  declared: '2025-12-18 10:30 UTC',
  resolved: '2025-12-19 00:12 UTC',
  nextUpdate: null,
  now: [{ text: 'Tell those who were told that it began', checked: false }],
  items: [
    {
      text: 'Alarm on document count',
      issue: new Markup('#61'),
      url: `${AT}/issues/61`,
      owner: '@eli',
      due: null,
      done: true,
    },
  ],
  after: {
    tick: '10minute',
    bars: [
      { name: 'investigating', from: '2025-12-18 10:30', to: '2025-12-18 10:41' },
      { name: 'fixing', from: '2025-12-18 10:41', to: '2025-12-19 00:12' },
    ],
    severities: [
      { severity: 'P1 High', length: '11 min' },
      { severity: 'P0 Critical', length: '13 h 31' },
    ],
  },
  entries,
}

const cancelled = {
  ...early,
  icon: '⚪',
  severityAssumed: false,
  status: 'cancelled',
  cancelled: { reason: 'duplicate', text: 'the same index', duplicateOf: 12 },
  nextUpdate: null,
  now: [],
}

const TIMES = { detect: false, acknowledge: false, mitigate: false, resolve: false }

const summary = {
  name: 'INC-42',
  icon: '🟢',
  title: 'Search answers from a stale index',
  severity: 'P3 Low',
  severityDeclared: 'P0 Critical',
  severityChanged: true,
  status: 'resolved',
  over: true,
  nextUpdate: null,
  summary: 'a migration ran from a laptop',
  began: '2025-12-18 10:10 UTC',
  lasted: '4 h 50',
  impact: 'None: nothing lost, nobody affected',
  cause: 'The network kept the script from deleting the index',
  resolution: 'Index and snapshot hold the same documents',
  update: 'Index and snapshot are compared.',
  well: 'The script wrote a backup first.',
  wrong: 'Nobody had looked at the environment file.',
  cost: '3 engineers for half a day',
  lead: '@ada',
  milestones: [
    { name: 'started', time: '10:10 UTC' },
    { name: 'resolved', time: '15:00 UTC' },
  ],
  metrics: [{ ...TIMES, resolve: true, value: '4 h 50', target: '4 h', missed: false }],
  stepsMore: 14,
  steps: [
    {
      text: 'Alarm on document count',
      issue: new Markup('#61'),
      url: `${AT}/issues/61`,
      owner: '@eli',
      due: '2026-01-02',
      done: false,
    },
    { text: 'Compare document counts', issue: null, url: null, owner: null, due: null, done: true },
  ],
  living: `${AT}/issues/42#issuecomment-1`,
  review: `${AT}/issues/60`,
}

const hotfix = {
  reverts: null,
  number: 42,
  title: 'Search answers from a stale index',
  severity: 'P0 Critical',
  started: '10:11 UTC',
  lead: '@ada',
  from: '9f8e7d6',
  base: 'main',
  deployed: '2025-12-17 17:05 UTC',
  rollback: 'rollback.yml',
  verify: [{ url: 'https://api.acme.example/health', expect: 200, times: 10, every: '6s' }],
  deploy: 'deploy.yml',
  record: 'docs/incidents/incident-2025-12-18-search-answers-from-a-stale-index.md',
}

const review = {
  number: 42,
  id: 'INC-42',
  title: 'Search answers from a stale index',
  severity: 'P0 Critical',
  lead: 'ada',
  began: '2025-12-18',
  within: '2025-12-22',
  required: new Markup('_Summary_, _What happened_, _Why it happened_ and _Lessons_'),
  impact: 'Search answers from a stale index; nothing lost so far',
  cause: 'Migration renamed the index before the alias moved',
  entries,
  entriesMore: 12,
  url: `${AT}/issues/42`,
  metrics: [
    { ...TIMES, detect: true, value: null, target: '5 min', missed: false },
    { ...TIMES, mitigate: true, value: '13 h 39', target: '30 min', missed: true },
    { ...TIMES, resolve: true, value: '14 h 01', target: null, missed: false },
  ],
  exampleDue: '2026-01-02',
  items: {
    immediate: [{ done: true, line: new Markup('#62 Compare document counts @cy due:2025-12-26') }],
    short: [{ done: false, line: new Markup('#61 [P1] Alarm on document count @eli due:2026-01-02') }],
    medium: [],
    long: [],
  },
  meeting: '2025-12-23 09:00 (UTC)',
}

const item = {
  text: 'Alarm on document count',
  id: 'INC-42',
  url: `${AT}/issues/42`,
  title: 'Search answers from a stale index',
  severity: 'P0 Critical',
  owner: 'eli',
  due: '2026-01-02',
  backlog: false,
  priority: 'P1',
  review: `${AT}/issues/60`,
}

const record = {
  frontMatter: new Markup('id: INC-42\ntitle: Search answers from a stale index\nseverity: P0'),
  title: 'Search answers from a stale index',
  began: '2025-12-18',
  severity: 'P0 Critical',
  status: 'resolved',
  lead: 'ada',
  lasted: '14 h 01',
  impact: 'Search answers from a stale index; nothing lost so far',
  cause: 'Migration renamed the index before the alias moved',
  entries,
}

/** By template, by case. */
export const documents: Samples<
  'living' | 'continuation' | 'hotfix' | 'summary' | 'review' | 'item' | 'record' | 'label' | 'more-items'
> = {
  label: {
    incident: { incident: true },
    review: { review: true },
    severity: { severity: { name: new Markup('Critical'), means: new Markup('Complete outage') } },
    bare: { severity: { name: new Markup('Low'), means: null } },
    ...Object.fromEntries(STATUSES.map((status) => [status, { [status]: true }])),
  },
  'more-items': { full: { count: 12 } },
  living: { early, fixing, resolved, cancelled },
  continuation: {
    full: { name: 'INC-42', part: 1, living: `${AT}/issues/42#issuecomment-1`, entries },
    empty: { name: 'INC-42', part: 2, living: `${AT}/issues/42#issuecomment-1`, entries: [] },
  },
  hotfix: {
    full: hotfix,
    bare: {
      ...hotfix,
      started: null,
      lead: null,
      deployed: null,
      rollback: null,
      verify: [],
      deploy: null,
    },
    revert: {
      ...hotfix,
      reverts: { number: 12, title: 'Rename the index', merged: '2025-12-18 09:40 UTC' },
      record: null,
    },
  },
  summary: {
    full: summary,
    bare: {
      ...summary,
      icon: '🔴',
      severityDeclared: 'P3 Low',
      severityChanged: false,
      status: 'fixing',
      over: false,
      nextUpdate: '10:48 UTC',
      summary: null,
      lasted: null,
      impact: null,
      cause: null,
      resolution: null,
      update: null,
      well: null,
      wrong: null,
      cost: null,
      lead: null,
      steps: [],
      stepsMore: null,
      review: null,
    },
  },
  review: {
    full: review,
    bare: {
      ...review,
      lead: null,
      within: null,
      impact: null,
      cause: null,
      entriesMore: null,
      items: { immediate: [], short: [], medium: [], long: [] },
    },
  },
  item: {
    full: item,
    bare: { ...item, owner: null, due: null, priority: null, review: null },
    backlog: { ...item, due: null, backlog: true, review: null },
  },
  record: {
    full: record,
    bare: { ...record, status: 'fixing', lead: null, lasted: null, impact: null, cause: null },
  },
}
