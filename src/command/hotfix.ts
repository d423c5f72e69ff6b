// `/hotfix`, `/revert`, and the deployments that are not built yet: the way to the fix.
import { requireNothing, requireNumber } from './arguments/arguments.ts'
import { onIncident, row } from './row.ts'

export const hotfix = row({
  usage: '/hotfix [title]',
  does: 'Opens a branch and a draft pull request for the fix.',
  right: 'write',
  where: 'incident',
  examples: ['/hotfix', '/hotfix Restore the search alias'],
  read: (args) => ({ title: args.takeLine() || undefined }),
  fact: ({ title }) => ({ kind: 'hotfix-asked', title }),
})

export const revert = row({
  usage: '/revert #12',
  does: 'Opens a pull request that takes a merged one back.',
  right: 'write',
  where: 'incident',
  examples: ['/revert #12'],
  read: (args) => ({ number: requireNumber(args, { verb: 'revert' }) }),
  fact: ({ number }) => ({ kind: 'hotfix-asked', reverts: number }),
})

export const deploy = row({
  usage: '/deploy',
  does: 'Deploys the affected services, as configured.',
  right: 'write',
  where: 'incident',
  examples: ['/deploy'],
  read: requireNothing,
  notYet: 'Until then deploy as you do now; the deployment of a hotfix shows here by itself.',
})

export const rollback = row({
  usage: '/rollback',
  does: 'Rolls the affected services back, as configured.',
  right: 'write',
  where: 'incident',
  examples: ['/rollback'],
  read: requireNothing,
  notYet: 'Until then roll back as you do now, and `/note` it.',
})

export const verify = row({
  usage: '/verify',
  does: 'Checks the health of the affected services.',
  ...onIncident,
  examples: ['/verify'],
  read: () => ({}),
  notYet: 'Until then check by hand, and run `/status monitoring` when it holds.',
})
