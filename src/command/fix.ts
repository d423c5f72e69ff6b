// The commands on the way to the fix: suspects, hotfixes, deployments.
import { requireNumber } from './arguments/arguments.ts'
import { alone } from './read.ts'
import { ofIncident, type Rows } from './row.ts'

export const FIX = {
  suspect: {
    usage: '/suspect #12',
    does: 'Names a pull request that may be the cause.',
    ...ofIncident,
    examples: ['/suspect #12'],
    read: (args) => ({ verb: 'suspect', number: requireNumber(args, { verb: 'suspect' }) }),
  },
  clear: {
    usage: '/clear #12',
    does: 'Says that a suspect is not the cause.',
    ...ofIncident,
    examples: ['/clear #12'],
    read: (args) => ({ verb: 'clear', number: requireNumber(args, { verb: 'clear' }) }),
  },
  hotfix: {
    usage: '/hotfix [title]',
    does: 'Opens a branch and a draft pull request for the fix.',
    right: 'write',
    where: 'incident',
    examples: ['/hotfix', '/hotfix Restore the search alias'],
    read: (args) => {
      const title = args.takeLine()
      return { verb: 'hotfix', ...(title && { title }) }
    },
  },
  revert: {
    usage: '/revert #12',
    does: 'Opens a pull request that takes a merged one back.',
    right: 'write',
    where: 'incident',
    examples: ['/revert #12'],
    read: (args) => ({ verb: 'revert', number: requireNumber(args, { verb: 'revert' }) }),
  },
  deploy: {
    notYet: 'Until then start the deployment where you always do; that of a hotfix shows here by itself.',
    usage: '/deploy',
    does: 'Deploys the affected services, as configured.',
    right: 'write',
    where: 'incident',
    examples: ['/deploy'],
    read: (args) => alone(args, { verb: 'deploy' }),
  },
  rollback: {
    notYet: 'Until then roll back where you always do, and `/note` it.',
    usage: '/rollback',
    does: 'Rolls the affected services back, as configured.',
    right: 'write',
    where: 'incident',
    examples: ['/rollback'],
    read: (args) => alone(args, { verb: 'rollback' }),
  },
  verify: {
    notYet: 'Until then look yourself, and say `/status monitoring` when it holds.',
    usage: '/verify',
    does: 'Checks the health of the affected services.',
    ...ofIncident,
    examples: ['/verify'],
    read: () => ({ verb: 'verify' }),
  },
} satisfies Rows
