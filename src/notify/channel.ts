// Channels: the ways in which people are told, and how one message finds those that reach its targets.
import type { Outcome } from '../incident/people.ts'
import type { Policy, Target } from '../incident/policy/policy.ts'

/** An incident as a channel tells of it. `url` is its issue's, empty as long as there is none. */
export type News = { to: Target; id: string; title: string; severity: string; status: string; url: string }

/** A call for people. `to` are people and teams (`@…`) and names of channels. */
export type Message = {
  to: readonly Target[]
  /** An exercise: nobody outside hears of it. */
  drill: boolean
  /** The words for those of the targets that are there to be called. */
  words(called: readonly Target[]): string
}

/** What came of it for each target that the channel took, and the address of what it wrote, if it has one. */
export type Sent = { outcomes: Outcome[]; url?: string }

/** One way of telling people. May be asked to tell the same twice, and then must not tell them twice wherever the
 * other side can be looked at.
 * @throws whatever makes the job try again. */
export type Channel = {
  takes(target: Target): boolean
  /** Takes part in every message: it is where the others are named. */
  always?: true
  /** The first message of an incident. */
  announce(news: News): Promise<void>
  /** Its status or severity changed, stakeholders get an update, or it is over. */
  update(news: News): Promise<void>
  /** Calls people. */
  page(message: Message): Promise<Sent>
}

/** Pages through every channel that takes one of the targets, one after the other. */
export async function pageThrough(channels: readonly Channel[], message: Message): Promise<Sent> {
  const sent: Sent[] = []
  for (const channel of channels) {
    const to = message.to.filter(channel.takes)
    if (channel.always || to.length > 0) sent.push(await channel.page(message))
  }
  const outcomes = sent.flatMap((result) => result.outcomes)
  const missed = message.to.filter((target) => !outcomes.some(({ to }) => to === target))
  const url = sent.find((result) => result.url)?.url
  return {
    outcomes: [...outcomes, ...missed.map((to): Outcome => ({ to, outcome: 'no-channel' }))],
    ...(url && { url }),
  }
}

/** The policy with the clock of the first public update only where a public channel is announced. */
export function withPublicChannels(policy: Policy, isPublic: (channel: Target) => boolean): Policy {
  const severities = policy.severities.map((severity) =>
    severity.announce.some(isPublic) ? severity : { ...severity, external_within: null },
  )
  return { ...policy, severities }
}

/** The policy with those channels alone that are configured: nothing is queued for others. */
export function withConfiguredChannels(policy: Policy, isConfigured: (channel: Target) => boolean): Policy {
  const severities = policy.severities.map((severity) => ({
    ...severity,
    announce: severity.announce.filter(isConfigured),
  }))
  return { ...policy, severities }
}
