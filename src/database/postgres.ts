// Connects to a PostgreSQL server through a pool, with the same rows and errors as the embedded one.
import pg from 'pg'
import type { Log } from '../log.ts'
import { redact } from './errors.ts'
import type { Backend, Run } from './transactions.ts'

/** Eight jobs of each queue, and the door. */
const POOL_SIZE = 18
const INT8 = 20

/** Opens a pool on `databaseUrl`; nothing is connected yet. */
export function openPostgres(options: { databaseUrl: string; log: Log }): Backend {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: POOL_SIZE,
    application_name: 'mayday',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: 60_000,
    // Ours, for a server that is gone without a word: the connection is given up, not waited on for ever.
    query_timeout: 70_000,
    idle_in_transaction_session_timeout: 60_000,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // Without a listener a connection that breaks would end the process: an idle one, and one that breaks while it is handed
  // over, before whoever gets it can listen.
  pool.on('error', (error) => options.log.warn({ err: redact(error) }, 'a database connection broke'))
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    kind: 'postgres',
    run: statementsOf(pool),
    transaction: (fn) => transaction(pool, fn),
    close: () => pool.end(),
  }
}

/** Beginning and ending a transaction fails like a statement does: as a DatabaseError. */
function fail(error: unknown): never {
  throw redact(error)
}

async function transaction<T>(pool: pg.Pool, fn: (run: Run) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch(fail)
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN').catch(fail)
    const result = await fn(statementsOf(client))
    await client.query('COMMIT').catch(fail)
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(onError)
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

// Several statements at once (pg-boss, migrations) come back as a list of results.
function statementsOf(client: pg.Pool | pg.PoolClient): Run {
  return async (text, values) => {
    const result: pg.QueryResult | pg.QueryResult[] = values?.length
      ? await client.query(text, values)
      : await client.query(text)
    return { rows: Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows }
  }
}
