// What a person can ask of Mayday, as data: one shape per verb of the table in github/slash.ts.

/** A command as it was written, with its arguments cut apart but not yet checked against any policy.
 * `time` and `due` stay text here: what `10:45` means depends on the repository's time zone. */
export type Command =
  | { verb: 'declare'; severity?: string; summary?: string; since?: string; resolved?: string }
  | { verb: 'accept' }
  | { verb: 'drill' }
  | { verb: 'ack' }
  | { verb: 'sev'; severity: string; reason?: string }
  | { verb: 'status'; status: string; note?: string }
  | { verb: 'lead'; user?: string }
  | { verb: 'role'; role: string; user?: string }
  | { verb: 'handover'; user: string; note?: string }
  | { verb: 'update'; text: string; public: boolean }
  | { verb: 'note'; time?: string; text: string }
  | { verb: 'amend'; entry: number; text: string }
  | { verb: 'hide'; entry: number }
  | { verb: 'show'; entry: number }
  | { verb: 'set'; milestone: string; value: string }
  | { verb: 'impact'; text: string }
  | { verb: 'service'; services: string[] }
  | { verb: 'type'; type: string }
  | { verb: 'bridge'; url: string }
  | { verb: 'cause'; text: string }
  | { verb: 'suspect'; number: number }
  | { verb: 'clear'; number: number }
  | { verb: 'page'; target: string; text?: string }
  | { verb: 'hotfix'; title?: string }
  | { verb: 'revert'; number: number }
  | { verb: 'deploy' }
  | { verb: 'rollback' }
  | { verb: 'verify' }
  | { verb: 'resolve'; summary?: string }
  | { verb: 'reopen'; why?: string }
  | { verb: 'cancel'; reason: string; text?: string }
  | { verb: 'duplicate'; number: number }
  | { verb: 'related'; number: number }
  | { verb: 'review' }
  | { verb: 'waive'; reason: string }
  | { verb: 'approve' }
  | {
      verb: 'action'
      text: string
      owner?: string
      due?: string
      priority?: string
      horizon?: 'immediate' | 'short' | 'medium' | 'long'
      repository?: string
    }
  | { verb: 'due'; date: string }
  | { verb: 'snooze'; duration: string }
  | { verb: 'wontfix'; reason: string }
  | { verb: 'assign'; user: string }
  | { verb: 'summary' }
  | { verb: 'report'; period?: string }
  | { verb: 'help' }

export type Verb = Command['verb']

/** Whom a command makes something or calls, as a mention. */
export function mentionIn(command: Command): string | undefined {
  if (command.verb === 'page') return command.target.startsWith('@') ? command.target : undefined
  const login = 'user' in command ? command.user : 'owner' in command ? command.owner : undefined
  return login === undefined ? undefined : `@${login}`
}
