// The durable bucket of GitHub calls: one row per installation, shared by all processes.
import type { Database } from './database.ts'

/** Reads are free, writes take a token, creates take a token and count, each thing made, towards GitHub's limits on new content. */
export type CallKind = 'read' | 'write' | 'create'

export type TokenAnswer = { ok: true } | { ok: false; afterSeconds: number }

const BURST = 10
const REFILL_PER_SECOND = 1
/** What background work leaves to the living comment, replies and pages. */
const RESERVE = 5
// GitHub's secondary limits on content creation:
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
const CREATES_PER_MINUTE = 80
const CREATES_PER_HOUR = 500

// One statement, so that processes and jobs side by side cannot spend the same token. The windows begin with their
// first call; a clock that was set back gives no tokens and restarts them.
const TAKE = `
  WITH before AS (
    SELECT id,
      least($4::float8, coalesce(tokens, $4::float8)
        + greatest(0, extract(epoch FROM $2::timestamptz - coalesce(tokens_at, $2::timestamptz))) * $5::float8) AS tokens,
      minute_start IS NOT NULL AND $2::timestamptz >= minute_start
        AND $2::timestamptz < minute_start + interval '1 minute' AS in_minute,
      hour_start IS NOT NULL AND $2::timestamptz >= hour_start
        AND $2::timestamptz < hour_start + interval '1 hour' AS in_hour,
      minute_start, hour_start, coalesce(minute_count, 0) AS minute_count, coalesce(hour_count, 0) AS hour_count
    FROM mayday.installations WHERE id = $1 FOR UPDATE
  ), wait AS (
    SELECT *, greatest(
      CASE WHEN tokens < 1 + $8::float8 THEN (1 + $8::float8 - tokens) / $5::float8 ELSE 0 END,
      CASE WHEN $3::int > 0 AND in_minute AND minute_count + $3::int > $6::int
        THEN extract(epoch FROM minute_start + interval '1 minute' - $2::timestamptz) ELSE 0 END,
      CASE WHEN $3::int > 0 AND in_hour AND hour_count + $3::int > $7::int
        THEN extract(epoch FROM hour_start + interval '1 hour' - $2::timestamptz) ELSE 0 END
    )::float8 AS seconds
    FROM before
  ), taken AS (
    UPDATE mayday.installations i SET
      tokens = wait.tokens - 1,
      tokens_at = $2::timestamptz,
      minute_start = CASE WHEN $3::int = 0 OR in_minute THEN i.minute_start ELSE $2::timestamptz END,
      minute_count = CASE WHEN in_minute THEN wait.minute_count ELSE 0 END + $3::int,
      hour_start = CASE WHEN $3::int = 0 OR in_hour THEN i.hour_start ELSE $2::timestamptz END,
      hour_count = CASE WHEN in_hour THEN wait.hour_count ELSE 0 END + $3::int
    FROM wait WHERE i.id = wait.id AND wait.seconds = 0
    RETURNING i.id
  )
  SELECT seconds FROM wait`

/**
 * Takes a token for one call, or says when to ask again. An installation without a row has no bucket and is not held
 * back. `now` is in milliseconds since the epoch.
 */
export async function takeToken(options: {
  database: Database
  installationId: number
  kind: CallKind
  /** How much new content a create makes (1). */
  creates?: number
  /** Nobody waits for it. */
  background?: boolean
  now: number
}): Promise<TokenAnswer> {
  if (options.kind === 'read') return { ok: true }
  const creates = options.kind === 'create' ? (options.creates ?? 1) : 0
  const rows = await options.database.query<{ seconds: number }>(TAKE, [
    options.installationId,
    new Date(options.now),
    creates,
    BURST,
    REFILL_PER_SECOND,
    CREATES_PER_MINUTE,
    CREATES_PER_HOUR,
    options.background ? RESERVE : 0,
  ])
  const seconds = rows[0]?.seconds ?? 0
  return seconds > 0 ? { ok: false, afterSeconds: seconds } : { ok: true }
}
