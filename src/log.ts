// Creates the log: static messages with fields, one line each, without secrets.
import {
  type DestinationStream,
  destination,
  type Logger,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino'
import { prettyFactory } from 'pino-pretty'

type Write = (fields: object, message: string) => void

/** What code logs with. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write; fatal: Write }
/** The whole log of a process, as pino makes it. */
export type ProcessLog = Logger

const nothing = (): void => {}
/** A log that writes nothing. */
export const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing }

export type LogOptions = {
  level: string
  format: 'json' | 'pretty'
  /** Values that must never appear, whichever field or error they hide in. */
  secrets?: readonly string[]
  /** Where lines go; standard output by default. */
  to?: DestinationStream
}

/** Field names that hold people's text, payloads, SQL or keys; the values are left out wherever they appear. */
const HIDDEN = [
  'payload',
  'body',
  'token',
  'secret',
  'password',
  'privateKey',
  'authorization',
  'query',
  'params',
  'detail',
]

/** Shapes of credentials: GitHub's tokens, JSON web tokens, PEM keys, passwords in addresses, Slack's tokens and
 * incoming webhooks. `[^"]` keeps a match inside one JSON string. */
const CREDENTIAL = new RegExp(
  [
    'gh[a-z]_[A-Za-z0-9_]{16,}',
    'github_pat_[A-Za-z0-9_]{16,}',
    'eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]{8,}',
    '-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*',
    '(?<=://[^\\s/:@"]*:)[^\\s/@"]+(?=@)',
    'xox[a-z]-[\\w-]{8,}',
    '(?<=hooks\\.slack\\.com/)[\\w/-]+',
  ].join('|'),
  'g',
)

/** Makes the log. Errors are cut to their kind, message (`logged` instead, where they have that), code, status and stack:
 * database errors carry whole queries and parameters in their other fields, webhook errors whole payloads. */
export function createLog(options: LogOptions): ProcessLog {
  const scrub = scrubber(options.secrets ?? [])
  const pretty = prettyFactory({ colorize: false, singleLine: true, ignore: 'name' })
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: cutError, error: cutError, event: cutEvent },
      redact: { paths: [...HIDDEN, ...HIDDEN.map((name) => `*.${name}`)], censor: '[hidden]' },
      hooks: { streamWrite: options.format === 'pretty' ? (line) => pretty(scrub(line)) : scrub },
    },
    options.to ?? destination(1),
  )
}

function scrubber(secrets: readonly string[]): (line: string) => string {
  // A line is JSON, so a secret appears there as JSON writes it; very short values would black out common words.
  const known = secrets
    .filter((secret) => secret.length >= 6)
    .map((secret) => JSON.stringify(secret).slice(1, -1))
  return (line) => {
    const scrubbed = line.replace(CREDENTIAL, '[hidden]')
    return known.reduce((text, secret) => text.replaceAll(secret, '[hidden]'), scrubbed)
  }
}

function cutError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return typeof thrown
  const { type } = stdSerializers.err(thrown)
  const message = 'logged' in thrown && typeof thrown.logged === 'string' ? thrown.logged : thrown.message
  const cut: Record<string, unknown> = { type, message, stack: `${type}: ${message}\n${framesOf(thrown)}` }
  if ('code' in thrown && typeof thrown.code === 'string') cut.code = thrown.code
  if ('status' in thrown && typeof thrown.status === 'number') cut.status = thrown.status
  if (thrown instanceof AggregateError) cut.errors = thrown.errors.map(cutError)
  if (thrown.cause instanceof Error) cut.cause = cutError(thrown.cause)
  return cut
}

/** The stack begins with the message, whose lines may look like its own. */
function framesOf({ stack = '', message }: Error): string {
  const own = stack.slice(stack.indexOf(message) + message.length)
  return own
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
}

function cutEvent(event: unknown): unknown {
  if (typeof event !== 'object' || event === null) return event
  return { id: 'id' in event ? event.id : undefined, name: 'name' in event ? event.name : undefined }
}
