// GitHub's limits per installation: the hourly budget and the creation of content, both off until set.
import { GitHubRefusal } from './world/world.ts'

export type LimitSettings = {
  /** Calls an hour; 5,000 in the headers, and unlimited, when not set. */
  primary?: number | null
  /** Content creations a minute, such as 80. */
  contentPerMinute?: number | null
  /** Content creations an hour, such as 500. */
  contentPerHour?: number | null
}

const MINUTE = 60_000
const HOUR = 3_600_000

type Budget = { since: number; used: number; created: number[] }

export class Limits {
  settings: LimitSettings = {}
  readonly #budgets = new Map<number, Budget>()

  /** Counts a call; throws GitHub's 403 when the budget is spent. */
  spend(installation: number, now: number): void {
    const budget = this.#budget(installation, now)
    const { primary } = this.settings
    if (primary !== null && primary !== undefined && budget.used >= primary) {
      throw new GitHubRefusal(403, `API rate limit exceeded for installation ID ${installation}.`)
    }
    budget.used += 1
  }

  /** An answer 304 costs nothing. */
  refund(installation: number, now: number): void {
    const budget = this.#budget(installation, now)
    budget.used = Math.max(0, budget.used - 1)
  }

  /** Seconds to wait where so many more pieces of content would be too much; else they are counted. */
  create(installation: number, { count, now }: { count: number; now: number }): number | null {
    if (count === 0) return null
    const budget = this.#budget(installation, now)
    budget.created = budget.created.filter((at) => at > now - HOUR)
    const lastMinute = budget.created.filter((at) => at > now - MINUTE)
    const { contentPerMinute, contentPerHour } = this.settings
    if (contentPerMinute && lastMinute.length + count > contentPerMinute) return 60
    if (contentPerHour && budget.created.length + count > contentPerHour) return 60
    budget.created.push(...Array.from({ length: count }, () => now))
    return null
  }

  headers(installation: number, now: number): Record<string, string> {
    const budget = this.#budget(installation, now)
    const limit = this.settings.primary ?? 5000
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - budget.used)),
      'x-ratelimit-used': String(budget.used),
      'x-ratelimit-reset': String(Math.ceil((budget.since + HOUR) / 1000)),
      'x-ratelimit-resource': 'core',
    }
  }

  #budget(installation: number, now: number): Budget {
    const known = this.#budgets.get(installation)
    if (known !== undefined && now < known.since + HOUR && now >= known.since) return known
    const fresh: Budget = { since: now, used: 0, created: known?.created ?? [] }
    this.#budgets.set(installation, fresh)
    return fresh
  }
}
