// The metrics for Prometheus: Mayday's health, counted here, and the incidents, read at each scrape.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** How things stand. `seconds` is one incident's time from its start to a milestone. */
export type Picture = {
  incidents: readonly { severity: string; status: string; count: number }[]
  milestones: readonly { severity: string; milestone: string; seconds: number }[]
  actionItems: readonly { state: string; count: number }[]
  queueJobs: readonly { queue: string; state: string; count: number }[]
  /** How long the oldest of what is due waits. */
  oldestWaitingSeconds: number
  githubUp: boolean
}

export type Metrics = {
  /** Counts a webhook call by what became of it. */
  delivery(outcome: DeliveryOutcome): void
  /** Counts a call to GitHub's API. */
  githubCall(kind: string): void
  /** Everything in Prometheus' text format. */
  scrape(): Promise<{ type: string; text: string }>
}

type DeliveryOutcome = 'accepted' | 'ignored' | 'refused' | 'failed'

/** From the two minutes of a page to the four hours of a long outage, and a day. */
const BUCKETS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400]

/** Makes the registry. Where `picture` fails the scrape still answers, with `mayday_store_up` 0. */
export function createMetrics(picture: () => Promise<Picture>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const deliveries = new Counter({
    name: 'mayday_deliveries_total',
    help: 'Webhook calls by what became of them',
    labelNames: ['outcome'],
    registers,
  })
  const githubCalls = new Counter({
    name: 'mayday_github_calls_total',
    help: "Calls to GitHub's API",
    labelNames: ['kind'],
    registers,
  })
  const draw = createDrawing(registers)
  return {
    delivery: (outcome) => deliveries.inc({ outcome }),
    githubCall: (kind) => githubCalls.inc({ kind }),
    scrape: async () => {
      draw(await picture().catch(() => undefined))
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

function createDrawing(registers: Registry[]): (picture: Picture | undefined) => void {
  const storeUp = new Gauge({ name: 'mayday_store_up', help: 'Whether the database answered', registers })
  const githubUp = new Gauge({ name: 'mayday_github_up', help: 'Whether GitHub answers', registers })
  const incidents = new Gauge({
    name: 'mayday_incidents',
    help: 'Incidents by severity and status',
    labelNames: ['severity', 'status'],
    registers,
  })
  const milestones = new Histogram({
    name: 'mayday_milestone_seconds',
    help: 'Seconds from the start of an incident to a milestone',
    labelNames: ['severity', 'milestone'],
    buckets: BUCKETS,
    registers,
  })
  const actionItems = new Gauge({
    name: 'mayday_action_items',
    help: 'Action items by state',
    labelNames: ['state'],
    registers,
  })
  const queueJobs = new Gauge({
    name: 'mayday_queue_jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers,
  })
  const oldest = new Gauge({
    name: 'mayday_queue_oldest_seconds',
    help: 'How long the oldest of what is due waits to be worked on',
    registers,
  })
  return (picture) => {
    for (const metric of [incidents, milestones, actionItems, queueJobs]) metric.reset()
    storeUp.set(picture ? 1 : 0)
    if (!picture) return
    githubUp.set(picture.githubUp ? 1 : 0)
    oldest.set(picture.oldestWaitingSeconds)
    for (const { count, ...labels } of picture.incidents) incidents.set(labels, count)
    for (const { seconds, ...labels } of picture.milestones) milestones.observe(labels, seconds)
    for (const { count, ...labels } of picture.actionItems) actionItems.set(labels, count)
    for (const { count, ...labels } of picture.queueJobs) queueJobs.set(labels, count)
  }
}
