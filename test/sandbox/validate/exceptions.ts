// The places where GitHub's descriptions refuse what GitHub itself sends or takes.

/** `where` matches the webhook, or the operation (and status, for an answer); `what` matches the problem's line. */
export type Exception = { where: RegExp; what: RegExp; why: string }

export const STRICTER_THAN_GITHUB: Exception[] = [
  {
    where: /./,
    what: /must match format "uri".*, got ""$/,
    why: 'Unset addresses (homepage, environment_url, log_url) are sent as empty texts.',
  },
  {
    where: /./,
    what: /must match format "email".*, got "[^"]*\[bot\]@users\.noreply\.github\.com"$/,
    why: "The brackets in a bot's e-mail address are outside JSON Schema's format.",
  },
  {
    where: /^projects-v2-item-edited/,
    what: /^\/changes\/field_value\/(?:from|to) .*got null$|^\/changes must (?:have required property 'body'|match a schema in anyOf)/,
    why: 'A field that had no value comes from null; the rest are the other branches of the same choice.',
  },
  {
    where: /./,
    what: /\/labels\/\d+\/description must be string \(string\), got null$/,
    why: 'A label without a description is null everywhere else.',
  },
  {
    where: /^installation/,
    what: /^\/installation\/(?:created|updated)_at must be string.*, got \d+$/,
    why: 'Installations carry Unix times in older payloads.',
  },
  {
    where: /./,
    what: /\/events\/\d+ must be equal to one of the allowed values/,
    why: 'The list of events that an app may subscribe to lacks the newer ones, such as sub_issues.',
  },
  {
    where: /^GET \/app\/installations 200$/,
    what: /^\/\d+\/account must /,
    why: 'The description wants an account that is a user and an enterprise at once (allOf for anyOf).',
  },
  {
    where: /^GET \/repos\/\{owner\}\/\{repo\}\/actions\//,
    what: /^query parameter created: .*date-time/,
    why: 'A range such as `>2026-01-01` is what the parameter is for.',
  },
]
