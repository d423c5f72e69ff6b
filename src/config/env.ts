// Reads and validates the environment; no other file does.
import { accessSync, constants, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import {
  appIdSchema,
  type Credentials,
  privateKeySchema,
  readCredentials,
  webhookSecretsSchema,
} from './credentials.ts'

const ALERT_SOURCES = ['alertmanager', 'grafana', 'pagerduty', 'cloudwatch', 'generic'] as const
type AlertSource = (typeof ALERT_SOURCES)[number]

/** A bearer token that one source of alerts uses for the repositories of one account (lower case). */
type AlertToken = { source: AlertSource; account: string; token: string }

/** `sweepEvery` in milliseconds; `baseUrl` is GitHub's API (no slash at the end), `webUrl` its pages. */
export type Settings = {
  port: number
  host: string
  github: { baseUrl: string; webUrl: string }
  databaseUrl: string | undefined
  dataDir: string
  channelsFile: string | undefined
  alertTokens: readonly AlertToken[]
  metricsToken: string | undefined
  sweepEvery: number
  allowPrivateNetwork: boolean
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  logFormat: 'json' | 'pretty'
}

/** With credentials Mayday serves; with none at all it offers the set-up page. */
export type Environment =
  | { mode: 'serve'; settings: Settings; credentials: Credentials }
  | { mode: 'setup'; settings: Settings }

/** A wrong variable. The message is one line that names it and says what was expected; it never holds a secret. */
export class WrongEnvironment extends Error {}

export type EnvVariables = Readonly<Record<string, string | undefined>>

const SECRET = new Set(['PRIVATE_KEY', 'WEBHOOK_SECRET', 'DATABASE_URL', 'ALERT_TOKENS', 'METRICS_TOKEN'])
const UNIT = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SWEEP_EXPECTED = 'a duration from 10s to 3d, such as 5m'
const ALERTS_EXPECTED = `source:account=token, separated by commas, with a source of ${ALERT_SOURCES.join(', ')}`

const settingsSchema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'a port number from 0 to 65535')
    .default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'a host name or address to listen on, such as localhost or 0.0.0.0')
    .default('localhost'),
  GHE_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d{1,5})?$/, 'a host name, with a port if needed, such as github.acme.example')
    .default('github.com'),
  GHE_PROTOCOL: z.enum(['https', 'http'], 'https or http').default('https'),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'an address such as postgres://user:password@host:5432/database')
    .optional(),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((path) => resolve(path)),
  CHANNELS_FILE: z.string().refine(isReadable, 'a file that can be read').optional(),
  ALERT_TOKENS: z.string().transform(parseAlertTokens).default([]),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'a token without spaces')
    .optional(),
  SWEEP_EVERY: z
    .string()
    .transform(parseInterval)
    .refine((every) => every >= 10_000 && every <= 3 * UNIT.d, SWEEP_EXPECTED)
    .default(5 * UNIT.m),
  ALLOW_PRIVATE_NETWORK: z
    .enum(['true', 'false'], 'true or false')
    .default('false')
    .transform((text) => text === 'true'),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'one of trace, debug, info, warn, error, fatal, silent',
    )
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'json or pretty').default('json'),
})

/** Reads the environment; an empty variable counts as not given. The credentials come from it, else from the
 * file that the set-up page keeps. Throws WrongEnvironment for the first variable that is wrong. */
export function readEnvironment(variables: EnvVariables): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, text]) => text))
  const settings = readSettings(given)
  const credentials = readGivenCredentials(given) ?? readKeptCredentials(settings.dataDir)
  return credentials ? { mode: 'serve', settings, credentials } : { mode: 'setup', settings }
}

function readSettings(given: EnvVariables): Settings {
  const parsed = settingsSchema.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw wrongVariable(String(issue?.path[0]), issue?.message ?? 'something else', given)
  }
  const read = parsed.data
  return {
    port: read.PORT,
    host: read.HOST,
    github: githubUrls(read.GHE_HOST, read.GHE_PROTOCOL),
    databaseUrl: read.DATABASE_URL,
    dataDir: read.DATA_DIR,
    channelsFile: read.CHANNELS_FILE,
    alertTokens: read.ALERT_TOKENS,
    metricsToken: read.METRICS_TOKEN,
    sweepEvery: read.SWEEP_EVERY,
    allowPrivateNetwork: read.ALLOW_PRIVATE_NETWORK,
    logLevel: read.LOG_LEVEL,
    logFormat: read.LOG_FORMAT,
  }
}

function readGivenCredentials(given: EnvVariables): Credentials | undefined {
  const { APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH, WEBHOOK_SECRET } = given
  if (!APP_ID && !PRIVATE_KEY && !PRIVATE_KEY_PATH && !WEBHOOK_SECRET) return undefined
  if (PRIVATE_KEY && PRIVATE_KEY_PATH) {
    throw new WrongEnvironment('PRIVATE_KEY and PRIVATE_KEY_PATH are both given: expected one of them')
  }
  const appId = readVariable('APP_ID', appIdSchema, { text: APP_ID, given })
  const privateKey = PRIVATE_KEY_PATH
    ? readVariable('PRIVATE_KEY_PATH', privateKeyFileSchema, { text: fileText(PRIVATE_KEY_PATH), given })
    : readVariable('PRIVATE_KEY', privateKeySchema, { text: PRIVATE_KEY, given })
  const webhookSecrets = readVariable('WEBHOOK_SECRET', webhookSecretsSchema, { text: WEBHOOK_SECRET, given })
  return { appId, privateKey, webhookSecrets }
}

const privateKeyFileSchema = z
  .string('a file that can be read')
  .transform((text) => privateKeySchema.safeParse(text).data)
  .refine((key) => key !== undefined, 'a file with the RSA private key of the GitHub App in PEM format')
  .transform((key) => key ?? '')

function readKeptCredentials(dataDir: string): Credentials | undefined {
  try {
    return readCredentials(dataDir)
  } catch (error) {
    throw new WrongEnvironment(`DATA_DIR: ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

function readVariable<T>(
  name: string,
  schema: z.ZodType<T>,
  { text, given }: { text: string | undefined; given: EnvVariables },
): T {
  if (text === undefined && given[name] === undefined) {
    const key = name === 'PRIVATE_KEY' ? 'PRIVATE_KEY (or PRIVATE_KEY_PATH)' : name
    throw new WrongEnvironment(
      `${key} is not given: expected APP_ID, PRIVATE_KEY (or PRIVATE_KEY_PATH) and WEBHOOK_SECRET together, or none of them for the set-up page`,
    )
  }
  const parsed = schema.safeParse(text)
  if (!parsed.success) throw wrongVariable(name, parsed.error.issues[0]?.message ?? 'something else', given)
  return parsed.data
}

function wrongVariable(name: string, expected: string, given: EnvVariables): WrongEnvironment {
  const found = SECRET.has(name) ? '' : `, found ${JSON.stringify(given[name])}`
  return new WrongEnvironment(`${name} is wrong: expected ${expected}${found}`)
}

function githubUrls(host: string, protocol: 'https' | 'http'): Settings['github'] {
  if (host === 'github.com') return { baseUrl: 'https://api.github.com', webUrl: 'https://github.com' }
  return { baseUrl: `${protocol}://${host}/api/v3`, webUrl: `${protocol}://${host}` }
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol)
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parseInterval(text: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  return unit === 's' || unit === 'm' || unit === 'h' || unit === 'd'
    ? Number(amount) * UNIT[unit]
    : Number.NaN
}

function parseAlertTokens(text: string, context: z.RefinementCtx<string>): AlertToken[] {
  const tokens: AlertToken[] = []
  for (const entry of text.split(',')) {
    const [, name, account, token] = /^([a-z]+):([\w-]+)=([\x21-\x7e]+)$/.exec(entry.trim()) ?? []
    const source = ALERT_SOURCES.find((known) => known === name)
    if (!source || !account || !token) {
      context.addIssue({ code: 'custom', message: ALERTS_EXPECTED })
      return z.NEVER
    }
    tokens.push({ source, account: account.toLowerCase(), token })
  }
  return tokens
}
