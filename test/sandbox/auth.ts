// Who calls: the app by its JWT, an installation by a token that was minted here.
import { createPublicKey, randomBytes, verify } from 'node:crypto'
import type { Actor, Installation, Permissions, Repository, World } from './world/world.ts'
import { GitHubRefusal } from './world/world.ts'

export type Token = {
  token: string
  installation: Installation
  permissions: Permissions | null
  repositories: Repository[] | null
  expiresAt: number
}

export type Caller = { kind: 'app' } | { kind: 'installation'; actor: Actor } | { kind: 'nobody' }

const HOUR = 3_600_000

export class Tokens {
  readonly #byText = new Map<string, Token>()

  mint(
    world: World,
    input: {
      installation: Installation
      permissions?: Permissions | null
      repositories?: Repository[] | null
    },
  ): Token {
    const token: Token = {
      token: `ghs_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`,
      installation: input.installation,
      permissions: input.permissions ?? null,
      repositories: input.repositories ?? null,
      expiresAt: world.now() + HOUR,
    }
    this.#byText.set(token.token, token)
    return token
  }

  find(world: World, text: string): Token | undefined {
    const token = this.#byText.get(text)
    if (token === undefined || token.expiresAt <= world.now()) return undefined
    return world.installations.includes(token.installation) ? token : undefined
  }

  revoke(text: string): void {
    this.#byText.delete(text)
  }
}

/** 401 for a token or JWT that is no good, 403 for a suspended installation. */
export function authenticate(world: World, tokens: Tokens, header: string | undefined): Caller {
  if (header === undefined) return { kind: 'nobody' }
  const [, scheme = '', credential = ''] = /^(\S+)\s+(.*)$/.exec(header) ?? []
  if (!/^(bearer|token)$/i.test(scheme)) throw new GitHubRefusal(401, 'Bad credentials')
  if (credential.split('.').length === 3 && !credential.startsWith('gh')) {
    checkJwt(world, credential)
    return { kind: 'app' }
  }
  const token = tokens.find(world, credential)
  if (token === undefined) throw new GitHubRefusal(401, 'Bad credentials')
  if (token.installation.suspendedAt !== null) {
    throw new GitHubRefusal(403, 'This installation has been suspended')
  }
  const { installation, permissions, repositories } = token
  return {
    kind: 'installation',
    actor: { account: world.app.bot, installation, permissions, repositories },
  }
}

/** RS256, `iss` the app's id or client id, at most ten minutes to run; a minute of drift is forgiven in `iat`. */
function checkJwt(world: World, jwt: string): void {
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  const header = decoded(head)
  const payload = decoded(claims)
  if (header.alg !== 'RS256') throw new GitHubRefusal(401, 'A JSON web token could not be decoded')
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    createPublicKey(world.app.publicKey),
    Buffer.from(signature, 'base64url'),
  )
  if (!good) throw new GitHubRefusal(401, 'A JSON web token could not be decoded')
  if (String(payload.iss) !== String(world.app.id) && payload.iss !== world.app.clientId) {
    throw new GitHubRefusal(401, "'Issuer' claim ('iss') must be an Integer")
  }
  const now = world.now() / 1000
  const { exp, iat } = payload
  if (typeof exp !== 'number' || exp <= now) {
    throw new GitHubRefusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    )
  }
  if (exp > now + 660)
    throw new GitHubRefusal(401, "'Expiration time' claim ('exp') is too far in the future")
  if (typeof iat === 'number' && iat > now + 60) {
    throw new GitHubRefusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  }
}

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Falls through to the refusal.
  }
  throw new GitHubRefusal(401, 'A JSON web token could not be decoded')
}
