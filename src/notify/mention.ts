// The mention channel, which needs no configuration: one comment on the incident's issue that mentions those it pages.
import type { Outcome } from '../incident/people.ts'
import type { Target } from '../incident/policy/policy.ts'
import type { Channel } from './channel.ts'

/** `reaches`: whether a person or team is there and can see the issue. `comment` writes once, however often it is asked,
 * and returns the comment's address. */
export type Issue = { reaches(target: Target): Promise<boolean>; comment(words: string): Promise<string> }

/** Names every target of a message and mentions those that are people or teams. In an exercise it mentions nobody. */
export function mentions(issue: Issue): Channel {
  const takes = (target: Target): boolean => target.startsWith('@')
  return {
    takes,
    always: true,
    // The issue itself shows what is new.
    announce: async () => {},
    update: async () => {},
    async page({ to, drill, words }) {
      const outcomes: Outcome[] = []
      for (const target of to.filter(takes)) {
        const outcome = drill ? 'drill' : (await issue.reaches(target)) ? 'sent' : 'unknown'
        outcomes.push({ to: target, outcome })
      }
      const called = outcomes.flatMap((outcome) => (outcome.outcome === 'sent' ? [outcome.to] : []))
      return { outcomes, url: await issue.comment(words(called)) }
    },
  }
}
