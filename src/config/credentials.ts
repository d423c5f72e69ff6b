// The app's credentials: their schemas, and the private file in which the set-up page keeps them.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** `privateKey` is PEM (PKCS#8); `webhookSecrets` holds at least one secret, the newest first. */
export type Credentials = { appId: number; privateKey: string; webhookSecrets: readonly string[] }

/** Short secrets can be guessed offline from one recorded delivery; 32 characters cannot. */
export const SHORTEST_SECRET = 32

const APP_ID_EXPECTED = 'the number of the GitHub App (its settings page shows it as "App ID")'
const PRIVATE_KEY_EXPECTED =
  'the RSA private key of the GitHub App in PEM format (line breaks may be written as \\n, or all of it as base64)'
const WEBHOOK_SECRET_EXPECTED = `at least ${SHORTEST_SECRET} characters (several secrets are separated by commas, the newest first); \`openssl rand -hex 32\` makes one`

export const appIdSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, APP_ID_EXPECTED)
  .transform(Number)

export const privateKeySchema = z.string().transform((text, context) => {
  const key = readPrivateKey(text)
  if (key) return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  context.addIssue({ code: 'custom', message: PRIVATE_KEY_EXPECTED })
  return z.NEVER
})

export const webhookSecretsSchema = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((secrets) => secrets.every((secret) => secret.length >= SHORTEST_SECRET), WEBHOOK_SECRET_EXPECTED)

const storedSchema = z.object({
  appId: z.int().positive(),
  privateKey: privateKeySchema,
  webhookSecrets: z.array(z.string().min(SHORTEST_SECRET)).min(1),
})

/** Where the set-up page keeps what GitHub gave it. */
export function credentialsFile(dataDir: string): string {
  return join(dataDir, 'credentials')
}

/** What the set-up page kept, or undefined where there is none. Throws an Error whose message is one line that a
 * person can act on when the file cannot be read, is open to other users, or does not hold credentials. */
export function readCredentials(dataDir: string): Credentials | undefined {
  const file = credentialsFile(dataDir)
  if (!statSync(file, { throwIfNoEntry: false })) return undefined
  makePrivate(file)
  const parsed = storedSchema.safeParse(parseJson(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new Error(`${file} does not hold credentials: remove it to set Mayday up again`)
  return parsed.data
}

/** Keeps the credentials, readable by this user alone, whole or not at all. */
export function writeCredentials(dataDir: string, credentials: Credentials): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = credentialsFile(dataDir)
  const unfinished = `${file}.new`
  writeFileSync(unfinished, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true })
  makePrivate(unfinished)
  renameSync(unfinished, file)
}

function makePrivate(file: string): void {
  if ((statSync(file).mode & 0o077) === 0) return
  chmodSync(file, 0o600)
  if ((statSync(file).mode & 0o077) !== 0) throw new Error(`${file} can be read by other users: chmod 600 it`)
}

function readPrivateKey(text: string): KeyObject | undefined {
  const written = text.trim().replaceAll('\\n', '\n')
  const pem = written.startsWith('-----BEGIN') ? written : Buffer.from(written, 'base64').toString('utf8')
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
