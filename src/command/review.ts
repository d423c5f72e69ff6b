// `/review`, `/waive`, `/approve`: the post-incident review.
import { reviewRule } from '../incident/policy/policy.ts'
import { requireText } from './arguments/arguments.ts'
import { Wrong } from './arguments/wrong.ts'
import { onIncident, row } from './row.ts'

export const review = row({
  usage: '/review',
  does: 'Opens the review where the severity leaves it to people.',
  ...onIncident,
  examples: ['/review'],
  read: () => ({}),
  fact: (_, { policy }) => ({ kind: 'review-asked', review: reviewRule(policy) }),
})

export const waive = row({
  usage: '/waive <reason>',
  does: 'Ends the review as it is.',
  right: 'write',
  where: 'review',
  examples: ['/waive A drill found the same last week'],
  read: (args) => ({ reason: requireText(args) }),
  fact: ({ reason }) => ({ kind: 'review-waived', reason }),
})

export const approve = row({
  usage: '/approve',
  does: 'Approves the review.',
  right: 'write',
  where: 'review',
  shared: true,
  examples: ['/approve'],
  read(args) {
    // Other bots withdraw an approval so; here it must not give one.
    if (/^(?:cancel|no)\b/i.test(args.line()))
      throw new Wrong('takes-nothing-back', { right: '/reopen <why>' })
    return {}
  },
  fact: (_, { alone }) => ({ kind: 'review-approved', alone: alone ? true : undefined }),
})
