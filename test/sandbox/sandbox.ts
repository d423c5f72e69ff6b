// Starts the stand-in for GitHub: `const sandbox = await startSandbox({ secret })`.
import { generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import { Tokens } from './auth.ts'
import { type Chaos, Deliveries, type Delivery } from './deliveries.ts'
import { type Fault, type FaultInput, Faults } from './faults.ts'
import { findAccount, findRepository } from './find.ts'
import { Installations } from './installations.ts'
import { type LimitSettings, Limits } from './limits.ts'
import { makeMachines } from './machines.ts'
import { register } from './manifest.ts'
import { addAccount, install, type NewAccount, renameRepository, setArchived } from './mutate-accounts.ts'
import { automateClosed } from './mutate-items.ts'
import { makePerson, type Person } from './person.ts'
import { makeRest } from './rest.ts'
import { addSeededRepository, makeWorld, seedAcme } from './seed.ts'
import { type CallRecord, makeServer, type PageLike } from './server.ts'
import type { Account, BranchProtection, Permissions, Repository, Role, World } from './world.ts'

export type SandboxOptions = {
  /** Of the webhooks; 32 characters or more, as the app asks for. */
  secret: string
  /** A free one by default. */
  port?: number
  webhookUrl?: string
  /** Milliseconds since the epoch; the sandbox has no other time. */
  now?: () => number
  /** For the page's buttons that move the clock. */
  advance?: (ms: number) => void | Promise<void>
  /** Of the app's installation on acme; the ones of the registration by default. */
  permissions?: Permissions
  /** Check every REST answer and every payload against GitHub's descriptions; on by default. */
  validate?: boolean
}

export type NewSandboxRepository = {
  name: string
  owner?: string
  private?: boolean
  files?: Record<string, string>
  /** Login → role. */
  people?: Record<string, Role>
}

const PEOPLE: Record<string, Role> = { ada: 'write', cy: 'write', bo: 'triage', eli: 'read' }

let keys: { privateKey: string; publicKey: string } | undefined

/** One key pair a process: making one takes a tenth of a second. */
function keyPair(): { privateKey: string; publicKey: string } {
  keys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return keys
}

type Checks = typeof import('./validate.ts')

export class Sandbox {
  readonly world: World
  readonly app: { id: number; slug: string; clientId: string; privateKey: string }
  readonly calls: CallRecord[] = []
  /** What GitHub would not have answered or sent, and what crashed here: a test expects it to stay empty. */
  readonly violations: string[] = []
  readonly installations: Installations
  readonly deployments: ReturnType<typeof makeMachines>['deployments']
  readonly actions: ReturnType<typeof makeMachines>['actions']
  readonly checks: ReturnType<typeof makeMachines>['checks']
  readonly #options: SandboxOptions
  readonly #deliveries: Deliveries
  readonly #faults = new Faults()
  readonly #limits = new Limits()
  readonly #conversions = new Map<string, () => unknown>()
  readonly #server: Server

  constructor(options: SandboxOptions, validators: Checks | null) {
    const { privateKey, publicKey } = keyPair()
    const now = options.now ?? Date.now
    this.#options = options
    this.world = makeWorld({ url: 'http://localhost', now, slug: 'mayday', publicKey })
    const { id, slug, clientId } = this.world.app
    this.app = { id, slug, clientId, privateKey }
    seedAcme(this.world)
    install(this.world, this.as('dee').actor, {
      account: this.world.app.owner,
      ...(options.permissions === undefined ? {} : { permissions: options.permissions }),
    })
    this.#deliveries = new Deliveries({
      world: this.world,
      secret: options.secret,
      url: options.webhookUrl ?? null,
      onPayload: (delivery) => this.#checkPayload(validators, delivery),
    })
    this.#automate()
    this.installations = new Installations(this.world)
    const machines = makeMachines(this.world)
    this.deployments = machines.deployments
    this.actions = machines.actions
    this.checks = machines.checks
    this.#server = this.#makeServer(validators)
  }

  #makeServer(validators: Checks | null): Server {
    const { world } = this
    const tokens = new Tokens()
    const desk = { tokens, deliveries: this.#deliveries, conversions: this.#conversions }
    return makeServer({
      world,
      tokens,
      rest: makeRest(world, desk),
      faults: this.#faults,
      limits: this.#limits,
      calls: this.calls,
      page: (request, body) => this.#page(request, body),
      onAnswer: (record, body) => this.#checkAnswer(validators, record, body),
      onCrash: (record, error) => {
        const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
        this.violations.push(`${record.method} ${record.path} crashed: ${told}`)
      },
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#options.port ?? 0, 'localhost', resolve)
    })
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The sandbox has no port')
    this.world.url = `http://localhost:${address.port}`
    this.world.apiUrl = `${this.world.url}/api/v3`
  }

  get url(): string {
    return this.world.url
  }

  /** `localhost:PORT`: GHE_HOST, with GHE_PROTOCOL http. */
  get host(): string {
    return new URL(this.world.url).host
  }

  get deliveries(): readonly Delivery[] {
    return this.#deliveries.log
  }

  get unknownCalls(): CallRecord[] {
    return this.calls.filter((call) => call.route === null)
  }

  setWebhookUrl(url: string | null): void {
    this.#deliveries.url = url
  }

  /** When no delivery waits to be sent or answered. */
  settle(): Promise<void> {
    return this.#deliveries.settle()
  }

  redeliver(delivery: Delivery): Delivery {
    return this.#deliveries.redeliver(delivery)
  }

  chaos(chaos: Chaos): void {
    this.#deliveries.chaos(chaos)
  }

  fault(input: FaultInput): Fault {
    return this.#faults.add(input)
  }

  clearFaults(): void {
    this.#faults.clear()
  }

  limits(settings: LimitSettings): void {
    this.#limits.settings = settings
  }

  as(login: string): Person {
    return makePerson(this.world, login)
  }

  /** `acme/search`; throws when it is not there. */
  repository(fullName = 'acme/search'): Repository {
    const [owner = '', name = ''] = fullName.split('/')
    const found = findRepository(this.world, owner, name)
    if (found === undefined) throw new Error(`There is no repository ${fullName}`)
    return found
  }

  addAccount(input: NewAccount): Account {
    return addAccount(this.world, input)
  }

  addRepository(input: NewSandboxRepository): Repository {
    const owner = findAccount(this.world, input.owner ?? 'acme')
    if (owner === undefined) throw new Error(`Nobody is called ${input.owner}`)
    const people: Record<string, Role> = input.people ?? PEOPLE
    return addSeededRepository(this.world, {
      owner,
      name: input.name,
      by: owner.kind === 'User' ? owner : this.as('ada').account,
      private: input.private ?? false,
      collaborators: Object.entries(people).map(([login, role]) => [this.as(login).account, role]),
      ...(input.files === undefined ? {} : { files: input.files }),
    })
  }

  rename(repository: Repository, name: string): void {
    renameRepository(this.world, this.as('dee').actor, { repository, name })
  }

  archive(repository: Repository, archived = true): void {
    setArchived(this.world, this.as('dee').actor, { repository, archived })
  }

  protect(repository: Repository, branch: string, rules: Partial<BranchProtection>): void {
    const none: BranchProtection = { requiredApprovals: 0, requiredChecks: [], locked: false }
    repository.protection.set(branch, { ...none, ...rules })
  }

  async stop(): Promise<void> {
    this.#deliveries.stop()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  /** The built-in workflow of boards listens to closed issues. */
  #automate(): void {
    const automation = findAccount(this.world, 'github-project-automation[bot]')
    if (automation === undefined) return
    this.world.listeners.push(({ event, action, repository, payload }) => {
      if (action !== 'closed' || repository === null) return
      const subject = event === 'issues' ? payload.issue : event === 'pull_request' ? payload : null
      const number =
        typeof subject === 'object' && subject !== null && 'number' in subject ? subject.number : null
      const issue = repository.issues.get(Number(number))
      if (issue !== undefined) automateClosed(this.world, automation, issue)
    })
  }

  async #page(request: IncomingMessage, body: string): Promise<PageLike | null> {
    const { method = 'GET', url = '/', headers } = request
    if (method === 'POST' && /^\/(organizations\/[^/]+\/)?settings\/apps\/new(\?|$)/.test(url)) {
      return this.#register(url, body)
    }
    const { handlePage } = await import('./page.ts')
    return handlePage(
      this.world,
      { method, url, headers, body },
      {
        advance: (ms) => this.#options.advance?.(ms),
        deliveries: () => this.#deliveries.log,
        redeliver: (id) => {
          const found = this.#deliveries.log.find((each) => each.id === id)
          if (found !== undefined) this.redeliver(found)
        },
      },
    )
  }

  #register(url: string, body: string): PageLike {
    const form = new URLSearchParams(body)
    const state = new URL(url, this.url).searchParams.get('state')
    if (state !== null) form.set('state', state)
    const answer = register(
      {
        world: this.world,
        conversions: this.#conversions,
        privateKey: this.app.privateKey,
        secret: this.#options.secret,
      },
      form,
    )
    return { status: answer.status, headers: answer.headers ?? {}, body: answer.text ?? '' }
  }

  #checkPayload(validators: Checks | null, delivery: Delivery): void {
    if (validators === null) return
    this.violations.push(...validators.validateWebhook(delivery.event, asJson(delivery.payload)))
  }

  #checkAnswer(validators: Checks | null, record: CallRecord, body: unknown): void {
    if (validators === null || body === undefined) return
    if (record.route === null || record.route === '/graphql') return
    const { method, route: path, status } = record
    this.violations.push(...validators.validateRest({ method, path, status, body: asJson(body) }))
  }
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const validators = options.validate === false ? null : await import('./validate.ts')
  const sandbox = new Sandbox(options, validators)
  await sandbox.listen()
  return sandbox
}
