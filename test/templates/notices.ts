// What each short comment is filled with: the views of notices, refusals, questions and reminders.
import { Markup } from '../../src/markdown.ts'
import type { View } from '../../src/templates/templates.ts'
import type { NoticeViews } from '../../src/texts/notice/views.ts'
import { mistakes } from './mistakes.ts'
import type { Samples } from './views.ts'

const common = {
  name: 'INC-42',
  title: 'Search answers from a stale index',
  severity: 'P0 Critical',
  severityKey: 'P0',
  icon: '🔴',
  living: 'https://github.com/acme/web/issues/42#issuecomment-1',
}

/** A call for people: an escalation step, or by hand. */
const call = {
  ...common,
  targets: ['acme/on-call'],
  others: null,
  lead: '@ada',
  drill: false,
  impact: 'Search answers from a stale index; nothing lost so far',
  overdue: false,
  waited: '5 min',
  text: null,
  next: null,
  late: null,
}
const NOTICE = 'Notice to the authority (GDPR Art. 33)'

const severities = [
  { key: 'P0', means: 'Complete outage, data breach or data loss', last: false },
  { key: 'P1', means: 'Part of the service is down, or many people are affected', last: false },
  { key: 'P2', means: 'Limited impact, or a way around it', last: false },
  { key: 'P3', means: 'Small or cosmetic, can wait for working hours', last: true },
]

const choice = (given: string, allowed: string[]) => ({
  present: true,
  given,
  allowed: allowed.join(' '),
  example: allowed[1] ?? '',
})

/** One of each reason that a command can be refused for. */
const refusals: readonly View[] = [
  { sentence: new Markup('`/snooze` needs a duration: `/snooze 3d`.') },
  { permission: { given: '/hotfix', needs: 'write', has: 'read', user: 'mallory' } },
  { severity: choice('high', ['P0', 'P1', 'P2', 'P3']) },
  { type: choice('secuirty', ['security', 'data-loss']) },
  { service: choice('serach', ['search', 'api']) },
  { role: choice('boss', ['tech', 'comms', 'security', 'scribe']) },
  { reason: choice('boring', ['duplicate', 'false-alarm', 'superseded', 'external', 'other']) },
  { milestone: choice('begun', ['started', 'detected', 'declared']) },
  { person: { given: '@dnaa', near: '@dana', usage: '/lead @user' } },
  { person: { given: '@nobody', near: '', usage: '/handover @user [note]' } },
  { entry: { given: '99', usage: '/hide 3' } },
  { time: { given: '25:99', usage: '/note 10:45 <text>' } },
  { date: { given: 'soon', usage: '/due 14d' } },
  { startedAfter: { milestone: 'detected', time: '10:20 UTC' } },
  { beforeStarted: { milestone: 'detected', time: '10:20 UTC' } },
  { notDeclared: { present: true } },
  { cancelled: { present: true } },
  { duplicate: { number: 12 } },
  { declaredAlready: { usage: '/sev P0' } },
  { declaredAlready: { usage: '' } },
  { privateType: { given: 'security', usage: '/type security' } },
  { noIncident: { number: 31 } },
  { cancelledThere: { number: 12 } },
  { notReached: { milestone: 'closed', status: 'fixing' } },
  { statusLabel: { given: 'status:closed' } },
  {
    putBack: {
      ...{
        act: null,
        closed: true,
        reopened: false,
        edited: false,
        labeled: false,
        unlabeled: false,
        ticked: false,
      },
      ...{ has: 'read', user: 'mallory' },
    },
  },
  { over: { status: 'resolved' } },
  { notOver: { present: true } },
  { tooLateToCancel: { status: 'resolved' } },
  { noReview: { present: true } },
  { ownReview: { user: 'ada' } },
  { noItem: { present: true } },
  { onlyOnItem: { verb: 'snooze' } },
  { onPull: { present: true } },
  { page: { given: '@dnaa', service: false, near: '@dana' } },
  { page: { given: 'aip', service: true, near: 'api' } },
  { page: { given: 'nothing', service: true, near: '' } },
  { pageNobody: { given: 'api' } },
  { unavailable: { verb: 'declare --since' } },
  { noSuspect: { number: 99 } },
  { unavailable: { verb: 'deploy', until: new Markup('Until then start it where you always do.') } },
  { permissionUnknown: { user: 'ada' } },
]

const NOTHING_MISSING = { section: null, owner: null, due: null, approval: null }
/** The effects whose words stand in the template, each under its name. */
const EFFECTS = Object.fromEntries(
  [
    'syncIssue',
    'syncBoard',
    'syncReview',
    'syncItems',
    'say',
    'page',
    'announce',
    'handOver',
    'openHotfix',
    'openReview',
    'remind',
    'delivery',
  ].map((name) => [name, false]),
)

/** By template, by case. */
export const notices: Samples<keyof NoticeViews | 'dead-letter' | 'help' | 'refusal' | 'reminder'> = {
  change: {
    full: {
      ...common,
      icon: '🟠',
      status: { from: 'fixing', to: 'monitoring' },
      severityChange: { from: 'P0', to: 'P1 High' },
      why: 'hotfix #57 is live',
      by: '@ada',
      hotfix: null,
    },
    status: {
      ...common,
      status: { from: 'investigating', to: 'identified' },
      severityChange: null,
      why: null,
      by: null,
      hotfix: null,
    },
    hotfix: {
      ...common,
      status: { from: 'identified', to: 'fixing' },
      severityChange: null,
      why: null,
      hotfix: 57,
      by: '@ada',
    },
    severity: {
      ...common,
      status: null,
      severityChange: { from: 'P1', to: 'P0 Critical' },
      why: 'no customer can search',
      by: '@ada',
      hotfix: null,
    },
  },
  'ask-severity': { full: { ...common, severity: 'P2 Medium', user: 'dee', severities } },
  'ask-accept': { full: common },
  'ask-reopen': { full: { ...common, user: 'dee' } },
  'ask-item': {
    full: {
      ...common,
      owner: 'eli',
      user: 'dee',
      lacksOwner: false,
      lacksDue: true,
      lacksBoth: false,
    },
    bare: {
      ...common,
      owner: null,
      user: 'dee',
      lacksOwner: true,
      lacksDue: false,
      lacksBoth: false,
    },
  },
  escalation: {
    full: {
      ...call,
      targets: ['acme/on-call', 'dana'],
      others: 'pager',
      text: 'P0 not acknowledged for ten minutes',
      next: { to: '@acme/managers, @fay', at: '10:50 UTC' },
      late: '12 min',
    },
    bare: { ...call, impact: null, lead: null },
    first: { ...call, lead: null, waited: null, next: { to: '@dana', at: '10:40 UTC' } },
    overdue: { ...call, overdue: true, waited: '1 h' },
    drill: { ...call, name: '[DRILL] INC-42', targets: [], others: '@acme/on-call, pager', drill: true },
  },
  page: {
    full: { ...call, targets: ['bo'], by: '@ada', text: 'the database needs you' },
    bare: { ...call, targets: ['acme/search', 'dana'], by: '@ada', lead: null, impact: null },
    drill: { ...call, targets: [], others: '@bo', drill: true, by: '@ada' },
  },
  'nudge-lead': {
    full: { ...common, targets: ['ada'], last: false, waited: '7 min', late: '12 min' },
    last: { ...common, targets: ['acme/search', 'dana'], last: true, waited: '27 min', late: null },
    nobody: { ...common, targets: [], last: false, waited: '2 min', late: null },
  },
  'nudge-update': {
    full: { ...common, targets: ['ada'], due: '10:48 UTC', overdue: '15 min', late: '3 min' },
    bare: { ...common, targets: ['ada'], due: '10:48 UTC', overdue: null, late: null },
  },
  'nudge-external': {
    full: { ...common, targets: ['bo'], due: '11:30 UTC', late: '3 min' },
    bare: { ...common, targets: [], due: '11:30 UTC', late: null },
  },
  'nudge-handover': {
    full: { ...common, targets: ['ada'], demand: true, led: '3 h', late: '4 min' },
    offer: { ...common, targets: ['ada'], demand: false, led: '1 h', late: null },
  },
  'nudge-quiet': {
    full: { ...common, targets: ['ada'], since: '12:10 UTC', late: '2 h' },
    bare: { ...common, targets: [], since: '12:10 UTC', late: null },
  },
  deadline: {
    full: {
      ...common,
      targets: ['acme/legal'],
      clock: NOTICE,
      over: true,
      due: '2025-12-21 10:30 UTC',
      late: null,
    },
    begins: {
      ...common,
      targets: ['acme/legal'],
      clock: NOTICE,
      over: false,
      due: '2025-12-21 10:30 UTC',
      late: null,
    },
  },
  'hotfix-refused': {
    full: {
      ...common,
      user: 'ada',
      why: 'there is no branch `production`',
      reverts: null,
      branch: 'hotfix/incident-INC-42',
    },
    bare: {
      ...common,
      user: null,
      why: 'the repository is archived',
      reverts: null,
      branch: 'hotfix/incident-INC-42',
    },
    revert: { ...common, user: 'ada', why: 'it is not merged', reverts: 12, branch: '' },
  },
  'review-incomplete': {
    full: {
      ...common,
      user: 'ada',
      missing: [
        { ...NOTHING_MISSING, section: new Markup('_Lessons_') },
        { ...NOTHING_MISSING, owner: { issue: 61, place: 1 } },
        { ...NOTHING_MISSING, approval: { asked: true, lead: 'ada' } },
      ],
    },
  },
  'dead-letter': {
    full: {
      user: 'ada',
      what: { ...EFFECTS, openHotfix: true },
      once: false,
      attempts: 8,
      job: '5f0c2e9a-4b1d-4c8e-9a77-0e6d2f1b3c4d',
    },
    bare: {
      user: null,
      what: { ...EFFECTS, delivery: true },
      once: true,
      attempts: 1,
      job: '5f0c2e9a',
    },
  },
  help: {
    full: {
      name: new Markup('INC-42'),
      commands: [
        { usage: new Markup('/ack'), does: new Markup('Acknowledges; the sender leads if nobody does.') },
        { usage: new Markup('/amend <n> <text>'), does: new Markup('Rewrites timeline entry _n_.') },
        { usage: new Markup('/sev P1 [reason]'), does: new Markup('Sets the severity.') },
      ],
    },
  },
  refusal: {
    full: { refusals },
    one: { refusals: refusals.slice(2, 3) },
    two: { refusals: refusals.slice(2, 4) },
    mistakes: { refusals: mistakes },
  },
  reminder: {
    full: {
      owner: 'eli',
      count: 162,
      several: true,
      allLate: false,
      late: true,
      items: [
        {
          number: new Markup('#31'),
          url: 'https://github.com/acme/web/issues/31',
          text: 'Validate network access before migrations',
          priority: 'P1',
          overdue: '31 days',
          due: '2025-11-17',
          incident: 'INC-12',
        },
        {
          number: new Markup('#44'),
          url: 'https://github.com/acme/web/issues/44',
          text: 'Runbook for VPC work',
          priority: null,
          overdue: null,
          due: '2025-12-20',
          incident: 'INC-42',
        },
      ],
      more: 160,
      copies: ['dana', 'acme/managers'],
    },
    one: {
      owner: 'eli',
      count: 1,
      several: false,
      allLate: false,
      late: false,
      items: [
        {
          number: new Markup('#44'),
          url: 'https://github.com/acme/web/issues/44',
          text: 'Runbook for VPC work',
          priority: 'P2',
          overdue: null,
          due: '2025-12-20',
          incident: 'INC-42',
        },
      ],
      more: null,
      copies: [],
    },
  },
}
