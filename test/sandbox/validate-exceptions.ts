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
    where: /^check-suite/,
    what: /^\/check_suite\/app\/events\/\d+ must be equal to one of/,
    why: 'The list of events is older than sub-issues and boards.',
  },
  {
    where: /^installation/,
    what: /^\/installation\/(?:created|updated)_at must be string.*, got \d+$/,
    why: 'Installations carry Unix times in older payloads.',
  },
]
