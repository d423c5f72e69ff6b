// The configuration: defaults, the example with every key, and what a person is told about a wrong one.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { referenceTable, schemaText, severityTable } from '../../src/config/describe.ts'
import { type FileReference, resolveExtends } from '../../src/config/extends.ts'
import { defaultPolicy, parsePolicy } from '../../src/config/policy.ts'
import {
  findService,
  findSeverity,
  type Policy,
  severityOf,
  severityRank,
  zoneOf,
} from '../../src/incident/policy/policy.ts'

const example = readFileSync(new URL('./example.yml', import.meta.url), 'utf8')

function policyOf(text: string): Policy {
  const { policy, problems } = parsePolicy(text, 'mayday.yml')
  expect(problems).toEqual([])
  if (!policy) throw new Error('no policy')
  return policy
}

function problemsOf(text: string): string[] {
  return parsePolicy(text, 'mayday.yml').problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  )
}

describe('defaults', () => {
  it.each(['', '\n', '# nothing\n', '{}', 'services:\nlabel:\n'])('are the whole policy of %j', (text) => {
    expect(policyOf(text)).toEqual(defaultPolicy)
  })

  it('are those of the table of severities', () => {
    const rows = defaultPolicy.severities.map((severity) => [
      severity.key,
      severity.name,
      severity.respond_within,
      severity.update_every,
      severity.external_within,
      severity.review && `${severity.review.required ? 'required' : 'optional'} ${severity.review.within}`,
      Object.values(severity.action_items).join(' '),
      severity.approvals,
      severity.always,
      severity.escalate.map(({ after, to }) => `${after} ${to}`).join(),
    ])
    expect(rows).toEqual([
      ['P0', 'Critical', '5m', '15m', '1h', 'required 3d', '7d 14d 30d 90d', 1, true, '5m '],
      ['P1', 'High', '15m', '30m', '1h', 'required 5bd', '7d 14d 30d 90d', 1, true, '15m '],
      ['P2', 'Medium', '1h', '2h', null, 'optional 10bd', '28d 28d 30d 90d', 1, false, '1h '],
      ['P3', 'Low', '1bd', null, null, null, '   ', null, false, ''],
    ])
  })

  it('are those of the other sections', () => {
    const { severities, checklist, ...rest } = defaultPolicy
    expect(rest).toEqual({
      label: 'incident',
      id: 'INC-{number}',
      timezone: 'UTC',
      working_hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' },
      people: {},
      bots: [],
      announce: [],
      lead: [],
      roles: ['tech', 'comms', 'security', 'scribe'],
      default_severity: 'P2',
      types: { security: { checklist: {}, runbook: null, roles: [], clocks: [], private: true } },
      services: {},
      suspects: { window: '24h' },
      nudges: {
        no_lead: { after: '2m', every: '5m', times: 5 },
        update_overdue: { times: 3 },
        handover: { offer: '1h', demand: '3h' },
        quiet: { after: '1d', times: 5 },
      },
      hotfix: {
        from: 'production',
        reviewers: [],
        labels: ['hotfix', 'urgent'],
        draft: true,
        auto_monitor: true,
      },
      freeze: false,
      review: {
        required_sections: ['summary', 'what-happened', 'why-it-happened', 'lessons'],
        executive_summary: false,
        path: 'docs/incidents',
        within_meeting: '2bd',
      },
      action_items: { labels: ['post-incident-review', 'improvement'], evidence: false },
      board: 'auto',
      reminders: {
        before: ['2d'],
        after: ['3d', '7d'],
        every: '7d',
        escalate_after: '7d',
        escalate_to: [],
        report_after: '14d',
      },
      report: { every: 'week', to: [] },
      targets: { detect: null, acknowledge: null, mitigate: null, resolve: null },
      alerts: {
        declare: [],
        auto_monitor: false,
        severities: {},
        services: {},
        absorb: '15m',
        reopen: '24h',
      },
    })
    expect(severities).toHaveLength(4)
    expect(Object.keys(checklist)).toEqual([
      'triage',
      'investigating',
      'identified',
      'fixing',
      'monitoring',
      'resolved',
    ])
  })
})

describe('the example with every key', () => {
  const policy = policyOf(example)

  it('is read', () => {
    expect(policy).toMatchObject({
      timezone: 'Europe/Berlin',
      people: { ada: { timezone: 'America/New_York' } },
      announce: ['ops'],
      severities: [
        {
          key: 'P0',
          announce: ['ops', 'pager', 'public'],
          lead: ['@acme/senior'],
          escalate: [
            { after: '0m', to: ['@acme/on-call', 'pager'] },
            { after: '10m', to: ['@dana', 'bosses'], text: 'P0 not acknowledged for ten minutes' },
          ],
          review: { required: true, within: '3d' },
          always: true,
        },
      ],
      types: {
        security: {
          checklist: {
            investigating: ['Isolate affected systems', 'Preserve evidence'],
            resolved: ['Tell legal'],
          },
          clocks: [{ name: 'Notice to the authority (GDPR Art. 33)', within: '72h', to: ['@acme/legal'] }],
          private: true,
        },
      },
      checklist: { investigating: ['Check recent deployments'], fixing: defaultPolicy.checklist.fixing },
      services: {
        api: {
          deploy: { workflow: 'deploy.yml', inputs: { deployment_type: 'rolling', force_deploy: 'true' } },
          rollback: { workflow: 'rollback.yml', inputs: {} },
          verify: { url: 'https://api.acme.example/health', expect: 200, times: 10, every: '6s' },
        },
      },
      review: { executive_summary: true },
      targets: { detect: '5m', acknowledge: '15m', mitigate: '30m', resolve: '4h' },
      alerts: { services: { job: { 'billing-api': 'api' } } },
    })
  })

  it('names one severity only, so what refers to another is left out with a warning', () => {
    const { warnings } = parsePolicy(example, 'mayday.yml')
    expect(warnings.map(({ path }) => path)).toEqual([
      'default_severity',
      'alerts.declare[1]',
      'alerts.severities.critical',
      'alerts.severities.warning',
    ])
    expect(warnings[0]?.message).toBe(
      '`default_severity` names the severity `P2`, which is not configured (`P0`); it is ignored.',
    )
    expect(policy.default_severity).toBe('P0')
    expect(policy.alerts).toMatchObject({ declare: ['P0'], severities: {} })
  })

  it('holds for editors too', () => {
    const schema = JSON.parse(schemaText())
    const validate = new Ajv2020({ strict: false }).compile(schema)
    expect(validate(parse(example)) || validate.errors).toBe(true)
    expect(validate({})).toBe(true)
    for (const wrong of [
      { nope: 1 },
      { freeze: 'blok' },
      { suspects: { window: '5bd' } },
      { severities: { P0: { lead: 'x' } } },
    ]) {
      expect(validate(wrong)).toBe(false)
    }
  })

  it('has no key that the reference leaves out', () => {
    const rows = referenceTable()
      .split('\n')
      .slice(2)
      .map((row) => /^\| `([^`]+)` \|/.exec(row)?.[1] ?? row)
    const keys = [...leaves(parse(example), [])]
    const known = keys.filter((path) => rows.some((row) => matches(row, path)))
    expect(known).toEqual(keys)
    expect(severityTable()).toContain('| `respond_within` | 5m | 15m | 1h | 1bd |')
  })
})

function* leaves(value: unknown, path: string[]): Generator<string[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return yield path
  for (const [key, item] of Object.entries(value)) yield* leaves(item, [...path, key])
}

/** Whether a row is the path, or a map or list that holds it. */
function matches(row: string, path: string[]): boolean {
  const parts = row.split('.')
  return (
    parts.length >= Math.min(2, path.length) - 1 &&
    parts.every((part, index) => part === '<name>' || part === path[index])
  )
}

describe('severities', () => {
  it('are in the order of the file, and replace the default list', () => {
    const policy = policyOf('severities: { sev1: { respond_within: 5m }, P1: {}, sev3: {} }')
    expect(policy.severities.map(({ key }) => key)).toEqual(['sev1', 'P1', 'sev3'])
    expect(policy.default_severity).toBe('sev3')
  })

  it('start from the default of the same key, and else from nothing', () => {
    const [p0, own] = policyOf(
      'severities: { P0: { update_every: off, review: none }, major: { respond_within: 5m } }',
    ).severities
    expect(p0).toMatchObject({
      name: 'Critical',
      respond_within: '5m',
      update_every: null,
      review: null,
      always: true,
    })
    expect(own).toMatchObject({
      name: 'major',
      respond_within: '5m',
      update_every: null,
      escalate: [{ after: '5m', to: [] }],
      review: null,
      approvals: null,
      always: false,
      action_items: { immediate: null },
    })
  })

  it('take the general channels and leads unless they name their own', () => {
    const policy = policyOf(
      'announce: [ops]\nlead: ["@ada"]\nseverities: { P0: { announce: [], lead: ["@bo"] }, P1: {} }',
    )
    expect(policy.severities.map(({ announce, lead }) => [announce, lead])).toEqual([
      [[], ['@bo']],
      [['ops'], ['@ada']],
    ])
  })

  it('escalate to nobody where the file says so', () => {
    expect(policyOf('severities: { P0: { escalate: [] } }').severities[0]?.escalate).toEqual([])
  })

  it('owe action items by horizon, each on its own', () => {
    const text = 'severities: { P0: { action_items: { short: backlog, long: 10bd } } }'
    expect(policyOf(text).severities[0]?.action_items).toEqual({
      immediate: '7d',
      short: null,
      medium: '30d',
      long: '10bd',
    })
  })

  it('are found in any case', () => {
    expect(findSeverity(defaultPolicy, 'p1')?.key).toBe('P1')
    expect(findSeverity(defaultPolicy, 'constructor')).toBeUndefined()
    expect(severityOf(defaultPolicy, 'gone').key).toBe('P2')
    expect([severityRank(defaultPolicy, 'P0'), severityRank(defaultPolicy, 'gone')]).toEqual([0, 4])
  })
})

describe('values', () => {
  it.each<[text: string, expected: object]>([
    ['freeze: block', { freeze: 'block' }],
    ['board: { number: 7 }', { board: { number: 7 } }],
    ['report: { every: off }', { report: { every: null } }],
    ['people: { "@Ada": { timezone: Asia/Kolkata } }', { people: { ada: { timezone: 'Asia/Kolkata' } } }],
    ['bots: [Renovate, "dependabot[bot]"]', { bots: ['renovate', 'dependabot[bot]'] }],
    [
      'action_items: { evidence: true }',
      { action_items: { evidence: { prevent: expect.arrayContaining(['**/test/**']) } } },
    ],
    [
      'action_items: { evidence: { prevent: ["spec/**"] } }',
      { action_items: { evidence: { prevent: ['spec/**'] } } },
    ],
    [
      'types: { security: { private: false }, data: {} }',
      { types: { security: { private: false }, data: { private: false } } },
    ],
    ['types: { data: {} }', { types: { security: { private: true } } }],
    ['checklist: { fixing: [] }', { checklist: { fixing: [], triage: defaultPolicy.checklist.triage } }],
    [
      'services: { api: { deploy: { workflow: d.yml, inputs: { a: 1, b: true, c: "{{sha}}" } } } }',
      {
        services: {
          api: { deploy: { inputs: { a: '1', b: 'true', c: '{{sha}}' }, environment: 'production' } },
        },
      },
    ],
    ['id: "INC-{yyyy}{mm}{dd}-{number}"', { id: 'INC-{yyyy}{mm}{dd}-{number}' }],
  ])('%s', (text, expected) => {
    expect(policyOf(text)).toMatchObject(expected)
  })

  it('are found by own names only', () => {
    const policy = policyOf('services: { Api: {} }\npeople: { ada: { timezone: Asia/Kolkata } }')
    expect(findService(policy, 'api')?.name).toBe('Api')
    expect(findService(policy, 'constructor')).toBeUndefined()
    expect([zoneOf(policy, 'Ada'), zoneOf(policy, 'constructor')]).toEqual(['Asia/Kolkata', 'UTC'])
  })
})

describe('problems', () => {
  it.each([
    [
      'nudges: { no_leed: {} }',
      '1:11 `no_leed` is no key in `nudges`; did you mean `no_lead`? Allowed: `no_lead` `update_overdue` `handover` `quiet`.',
    ],
    [
      'timezone: Europe/Berlim',
      '1:1 `timezone` is `Europe/Berlim`; allowed: a time zone such as `Europe/Berlin` or `UTC`.',
    ],
    [
      'timezone: "+02:00"',
      '1:1 `timezone` is `+02:00`; allowed: a time zone such as `Europe/Berlin` or `UTC`.',
    ],
    ['label: 3', '1:1 `label` is `3`; allowed: the name of a label, at most 50 characters.'],
    ['label: ~', '1:1 `label` is empty; allowed: the name of a label, at most 50 characters.'],
    ['freeze: blok', '1:1 `freeze` is `blok`; allowed: `true`, `false` or `block`. Did you mean `block`?'],
    [
      'working_hours: { days: [mon, tues] }',
      '1:30 `working_hours.days[1]` is `tues`; allowed: `mon` `tue` `wed` `thu` `fri` `sat` `sun`. Did you mean `tue`?',
    ],
    [
      'working_hours: { days: [] }',
      '1:18 `working_hours.days` is an empty list; allowed: at least one of `mon tue wed thu fri sat sun`.',
    ],
    [
      'working_hours:\n  to: "08:00"',
      '2:3 `working_hours` goes from `09:00` to `08:00`; allowed: a `from` before `to`, on one day.',
    ],
    ['bots: renovate', '1:1 `bots` is `renovate`; allowed: a list, each item a login on GitHub.'],
    ['people: { "a b": { timezone: UTC } }', '1:11 `a b` is no key in `people`; allowed: a login on GitHub.'],
    [
      'people: { bo: {} }',
      '1:11 `people.bo.timezone` is missing; allowed: a time zone such as `Europe/Berlin` or `UTC`.',
    ],
    ['severities: {}', '1:1 `severities` is an empty map; name at least one, or leave it out for P0 to P3.'],
    [
      'severities: { 1: {} }',
      '1:15 `1` is no key in `severities`; allowed: a short word that begins with a letter, such as `P0`.',
    ],
    [
      'severities: { P0: { respond_within: 5 minutes } }',
      '1:21 `severities.P0.respond_within` is `5 minutes`; allowed: a duration above zero such as `30s`, `15m`, `2h`, `3d` or `5bd` (business days), or `off`.',
    ],
    [
      'severities: { P0: { update_every: 0m } }',
      '1:21 `severities.P0.update_every` is `0m`; allowed: a duration above zero such as `30s`, `15m`, `2h`, `3d` or `5bd` (business days), or `off`.',
    ],
    [
      'severities: { P0: { review: { requird: true } } }',
      '1:31 `requird` is no key in `severities.P0.review`; did you mean `required`? Allowed: `required` `within`.',
    ],
    [
      'severities: { P0: { review: maybe } }',
      '1:21 `severities.P0.review` is `maybe`; allowed: `none` `off`, or a map with the keys `required` `within`.',
    ],
    [
      'severities: { P0: { escalate: [{ to: [a b] }] } }',
      '1:32 `severities.P0.escalate[0].after` is missing; allowed: a duration such as `30s`, `15m`, `2h`, `3d` or `5bd` (business days).',
    ],
    ['suspects: 24h', '1:1 `suspects` is `24h`; allowed: a map with the keys `window`.'],
    [
      'suspects: { window: 2bd }',
      '1:13 `suspects.window` is `2bd`; allowed: a duration above zero such as `30s`, `15m`, `2h` or `3d`.',
    ],
    [
      'review: { path: ../x }',
      '1:11 `review.path` is `../x`; allowed: a folder of this repository such as `docs/incidents`.',
    ],
    [
      'review: { path: .git/hooks }',
      '1:11 `review.path` is `.git/hooks`; allowed: a folder of this repository such as `docs/incidents`.',
    ],
    ['board: { nummer: 7 }', '1:10 `nummer` is no key in `board`; did you mean `number`? Allowed: `number`.'],
    [
      'services: { api: { deploy: { workflow: ../x.yml } } }',
      '1:30 `services.api.deploy.workflow` is `../x.yml`; allowed: the file name of a workflow such as `deploy.yml`.',
    ],
    [
      'services: { api: { rollback: { workflow: x.yml, inputs: { t: "{{title}}" } } } }',
      '1:59 `services.api.rollback.inputs.t` is `{{title}}`; allowed: text with no placeholders but `{{id}} {{number}} {{sha}} {{branch}}`.',
    ],
    [
      'services: { api: { verify: { url: "file:///etc/passwd" } } }',
      '1:30 `services.api.verify.url` is `file:///etc/passwd`; allowed: an address that begins with `https://`.',
    ],
    [
      'id: "INC {title}"',
      '1:1 `id` is `INC {title}`; allowed: letters, digits, `-`, `_` and `{number} {yyyy} {mm} {dd} {HH} {MM}`.',
    ],
    [
      'hotfix: { from: a..b }',
      '1:11 `hotfix.from` is `a..b`; allowed: `production` or the name of a branch.',
    ],
    [
      'lead: ["@acme/<x>"]',
      '1:8 `lead[0]` is `@acme/<x>`; allowed: `@login`, `@organization/team` or the name of a channel.',
    ],
    ['a: 1\na: 2', '2:1 `a` is here twice.'],
    ['__proto__: { freeze: true }', '1:1 `__proto__` cannot be a key.'],
    ['types: { constructor: {} }', '1:10 `constructor` cannot be a key.'],
    ['a: &x 1\nb: *x', '1:1 `&x`: anchors are not read; write it out.'],
    ['paths: [*.md]', '1:1 Quote it: `"*.md"`. Aliases are not read.'],
    [
      'lead: [@ada]',
      '1:8 This is not YAML: a value that begins with `@`, a backtick or `%` needs quotes around it.',
    ],
    ['a: 1\n---\nb: 2', '2:1 This is not YAML: one document is allowed, `---` begins a second one.'],
    [
      'label: "`@ada` <!-- x\u202E -->\\nfixes #1 and a very long text that goes on and on"',
      '1:1 `label` is ` @ada  <!-- x  --> fixes #1 and a very long text that goes …`; allowed: the name of a label, at most 50 characters.',
    ],
  ])('%s', (text, message) => {
    expect(problemsOf(text)[0]).toBe(message)
  })

  it('carry their parts', () => {
    expect(parsePolicy('x: 1\nnudges: { quite: { times: 1 } }', 'acme/web').problems[1]).toEqual({
      source: 'acme/web',
      line: 2,
      column: 11,
      path: 'nudges.quite',
      found: '`quite`',
      allowed: '`no_lead` `update_overdue` `handover` `quiet`',
      nearest: 'quiet',
      message:
        '`quite` is no key in `nudges`; did you mean `quiet`? Allowed: `no_lead` `update_overdue` `handover` `quiet`.',
    })
  })

  it.each([
    ['- a', 'a list'],
    ['text', '`text`'],
    ['42', '`42`'],
  ])('of a file that is no map: %s', (text, found) => {
    expect(problemsOf(text)[0]).toMatch(`1:1 \`The file\` is ${found}; allowed: a map with the keys`)
  })
})

describe('hostile files', () => {
  const many = (text: string, count: number) => text.repeat(count)
  it.each<[what: string, text: string]>([
    ['too long', `a: ${many('x', 65_536)}`],
    ['aliases', `a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]`],
    ['flow lists', many('[', 30_000)],
    ['closed flow lists', many('[', 30_000) + many(']', 30_000)],
    ['flow maps', many('{a: ', 15_000)],
    ['block lists', many('- ', 30_000)],
    ['questions', many('? ', 30_000)],
    ['question lines', many('?\n', 30_000)],
    ['deep indentation', Array.from({ length: 300 }, (_, depth) => `${many(' ', depth)}a:`).join('\n')],
    ['quotes', many('"', 60_000)],
    ['commas', `[${many(',', 60_000)}]`],
    ['brackets', many(']', 60_000)],
    ['tags', many('! ', 30_000)],
    ['anchors', many('&a ', 20_000)],
    ['directives', many('%A\n', 15_000)],
    ['documents', many('---\n', 15_000)],
    ['colons', many('a:\n: : : ', 4_000)],
    ['a tag that makes code', 'a: !!js/function "x"'],
    ['a binary', 'a: !!binary aGk='],
    ['many unknown keys', Array.from({ length: 7_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['__proto__', '__proto__:\n  polluted: true'],
    ['nested __proto__', 'services: { api: { __proto__: { polluted: true } } }'],
    ['constructor', 'constructor: { prototype: { polluted: true } }'],
    ['null bytes', 'a\u0000b: 1\u0000'],
  ])('are refused: %s', (_what, text) => {
    const { policy, problems } = parsePolicy(text, 'mayday.yml')
    expect(policy).toBeNull()
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(50)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    for (const { message, line } of problems) {
      expect(message.length).toBeLessThan(1_000)
      expect(line).toBeGreaterThan(0)
    }
  })

  it('never throw, and a policy that comes out is whole', () => {
    const words = [
      'severities',
      'P0',
      'services',
      'api',
      'nudges',
      'times',
      ':',
      ': ',
      '\n',
      '\n  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '5m',
      'off',
      '"',
      "'",
      '#',
      '&a',
      '*a',
      '~',
      '0',
    ]
    const anyFile = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anyFile, (text) => {
        const { policy, problems } = parsePolicy(text, 'mayday.yml')
        expect(policy === null).toBe(problems.length > 0)
        if (policy) expect(policy.severities.some(({ key }) => key === policy.default_severity)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('_extends', () => {
  const files: { [place: string]: string } = {
    '.github:.github/mayday.yml':
      'label: outage\nlead: ["@a", "@b"]\nnudges: { quiet: { after: 2d, times: 1 } }\nseverities: { S1: {}, S2: {} }',
    'acme/base:.github/mayday.yml': '_extends: .github\ntimezone: Asia/Kolkata\nlabel: incident',
    'base:config/x.yml': 'label: [wrong]',
    'loop:.github/mayday.yml': '_extends: loop',
  }
  const asked: FileReference[] = []
  const read = async (place: FileReference) => {
    asked.push(place)
    return files[`${place.owner ? `${place.owner}/` : ''}${place.repository}:${place.path}`] ?? null
  }
  const resolve = (text: string) => resolveExtends({ text, source: 'mayday.yml', read })

  it('merges maps and replaces lists', async () => {
    const { policy } = await resolve(
      '_extends: .github\nlead: ["@c"]\nnudges: { quiet: { times: 9 } }\nseverities: { S2: { name: Two } }',
    )
    expect(policy).toMatchObject({
      label: 'outage',
      lead: ['@c'],
      nudges: { quiet: { after: '2d', times: 9 } },
    })
    expect(policy?.severities.map(({ key, name }) => [key, name])).toEqual([
      ['S1', 'S1'],
      ['S2', 'Two'],
    ])
  })

  it('goes on to what the other file extends', async () => {
    const { policy } = await resolve('_extends: acme/base')
    expect(policy).toMatchObject({ timezone: 'Asia/Kolkata', label: 'incident', lead: ['@a', '@b'] })
    expect(asked.slice(-2)).toEqual([
      { owner: 'acme', repository: 'base', path: '.github/mayday.yml' },
      { owner: null, repository: '.github', path: '.github/mayday.yml' },
    ])
  })

  it('is the file alone without one', async () => {
    expect(await resolve('label: x')).toEqual(parsePolicy('label: x', 'mayday.yml'))
  })

  it('names the file in which a problem stands', async () => {
    const { problems } = await resolve('freeze: maybe\n_extends: base:config/x.yml')
    expect(problems.map(({ source, line, path }) => [source, line, path])).toEqual([
      ['base:config/x.yml', 1, 'label'],
      ['mayday.yml', 1, 'freeze'],
    ])
  })

  it.each([
    [
      'nowhere',
      '`_extends` is `nowhere`; allowed: a repository with that file, in which Mayday is installed.',
    ],
    ['loop', '`_extends` is `loop`; allowed: a file that does not lead back to this one.'],
    [
      '"a/b/c"',
      '`_extends` is `a/b/c`; allowed: a repository: `repository`, `owner/repository` or either with `:path`.',
    ],
    [
      '"x:../../y"',
      '`_extends` is `x:../../y`; allowed: a repository: `repository`, `owner/repository` or either with `:path`.',
    ],
  ])('says what is wrong with %s', async (name, message) => {
    const { policy, problems } = await resolve(`label: x\n_extends: ${name}`)
    expect(policy).toBeNull()
    expect(problems.map((problem) => problem.message)).toEqual([message])
  })

  it('lets an answer that does not come pass through', async () => {
    const read = () => Promise.reject(new Error('502'))
    await expect(resolveExtends({ text: '_extends: x', source: 'y', read })).rejects.toThrow('502')
  })
})
