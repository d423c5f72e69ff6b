// Faults that a test asks for: failed routes, hung and cut connections, limits.
import { seeded } from '../random.ts'

type FaultKind =
  /** Answered with `status`, not carried out. */
  | 'status'
  /** Never answered, not carried out. */
  | 'hang'
  /** Carried out, and never answered. */
  | 'hang-after'
  /** Carried out, and then the connection is cut before the answer. */
  | 'cut-after'
  | 'cut-before'
  /** Carried out after `delayMs`. */
  | 'slow'
  | 'secondary-limit'
  | 'primary-limit'

export type FaultInput = {
  kind: FaultKind
  method?: string
  /** A route pattern, a path or a part of one. */
  route?: string | RegExp
  /** A top field of a GraphQL document, such as `createProjectV2`. */
  graphql?: string
  /** The id of the installation whose calls it strikes. */
  installation?: number
  /** Only calls that change something, or only those that do not. */
  mutates?: boolean
  /** How often it strikes; for ever by default. */
  times?: number
  /** How many matching calls it lets pass first. */
  after?: number
  status?: number
  message?: string
  /** Seconds. */
  retryAfter?: number
  delayMs?: number
  probability?: number
  seed?: number
}

export type Fault = FaultInput & { hits: number; remove: () => void }

export type Asked = {
  method: string
  route: string
  path: string
  operations: string[]
  installation: number | null
  mutates: boolean
}

export class Faults {
  #faults: Array<Fault & { random: () => number; passed: number }> = []

  add(input: FaultInput): Fault {
    const fault = {
      ...input,
      hits: 0,
      passed: 0,
      random: seeded(input.seed ?? 1),
      remove: () => {
        this.#faults = this.#faults.filter((other) => other !== fault)
      },
    }
    this.#faults.push(fault)
    return fault
  }

  clear(): void {
    this.#faults = []
  }

  /** The first fault that strikes this call. */
  strike(asked: Asked): Fault | undefined {
    for (const fault of this.#faults) {
      if (!matches(fault, asked) || fault.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) continue
      fault.passed += 1
      if (fault.passed <= (fault.after ?? 0)) continue
      if (fault.random() >= (fault.probability ?? 1)) continue
      fault.hits += 1
      return fault
    }
    return undefined
  }
}

function matches(fault: FaultInput, asked: Asked): boolean {
  if (fault.method !== undefined && fault.method !== asked.method) return false
  if (fault.installation !== undefined && fault.installation !== asked.installation) return false
  if (fault.mutates !== undefined && fault.mutates !== asked.mutates) return false
  if (fault.graphql !== undefined && !asked.operations.includes(fault.graphql)) return false
  if (fault.route === undefined) return true
  if (fault.route instanceof RegExp) return fault.route.test(asked.path)
  return asked.route === fault.route || asked.path.includes(fault.route)
}
