// What Prometheus reads: the names that dashboards are built on, and a scrape that survives a lost database.
import { expect, test } from 'vitest'
import { createMetrics, type Picture } from '../src/metrics.ts'

const picture: Picture = {
  incidents: [{ severity: 'P0', status: 'fixing', count: 2 }],
  milestones: [
    { severity: 'P0', milestone: 'resolved', seconds: 90 },
    { severity: 'P0', milestone: 'resolved', seconds: 4000 },
  ],
  actionItems: [{ state: 'overdue', count: 3 }],
  queueJobs: [{ queue: 'inbox', state: 'active', count: 1 }],
  oldestWaitingSeconds: 1.5,
  githubUp: false,
}

test('the picture and the counts are told under their documented names', async () => {
  const metrics = createMetrics(async () => picture)
  metrics.githubCall('write')
  metrics.delivery('accepted')
  const { type, text } = await metrics.scrape()
  expect(type).toContain('text/plain')
  for (const line of [
    'mayday_incidents{severity="P0",status="fixing"} 2',
    'mayday_milestone_seconds_count{severity="P0",milestone="resolved"} 2',
    'mayday_milestone_seconds_bucket{le="120",severity="P0",milestone="resolved"} 1',
    'mayday_action_items{state="overdue"} 3',
    'mayday_queue_jobs{queue="inbox",state="active"} 1',
    'mayday_queue_oldest_seconds 1.5',
    'mayday_github_calls_total{kind="write"} 1',
    'mayday_deliveries_total{outcome="accepted"} 1',
    'mayday_github_up 0',
    'mayday_store_up 1',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

test('a second scrape repeats the picture instead of adding to it, and forgets what is over', async () => {
  let incidents = picture.incidents
  const metrics = createMetrics(async () => ({ ...picture, incidents }))
  await metrics.scrape()
  incidents = []
  const { text } = await metrics.scrape()
  expect(text).toContain('mayday_milestone_seconds_count{severity="P0",milestone="resolved"} 2')
  expect(text).not.toContain('mayday_incidents{')
})

test('without the database it still answers, and says so', async () => {
  const metrics = createMetrics(() => Promise.reject(new Error('no connection')))
  metrics.delivery('failed')
  const { text } = await metrics.scrape()
  expect(text).toContain('mayday_store_up 0')
  expect(text).toContain('mayday_deliveries_total{outcome="failed"} 1')
})
