// Keeps the open transaction in an AsyncLocalStorage, so that every statement of ours and of pg-boss joins it.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Db } from 'pg-boss'
import { DatabaseError, redact } from './errors.ts'

/** Runs one statement, or several without parameters; the rows of all of them in order. */
export type Run = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>

/** What a backend has to offer: statements, a transaction around a function, an end. */
export type Backend = {
  kind: 'pglite' | 'postgres'
  run: Run
  /** Commits when `fn` resolves, rolls back when it rejects. */
  transaction<T>(fn: (run: Run) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type Database = {
  kind: 'pglite' | 'postgres'
  /**
   * One statement with `$1` parameters, in the open transaction if there is one. int8 comes as number, timestamptz as
   * Date, json as value; a json parameter is passed as JSON text or as a plain object, never as a bare array, bytea as
   * Buffer.
   * Rejects with a DatabaseError that carries no values.
   */
  query<Row>(sql: string, params?: unknown[]): Promise<Row[]>
  /** Commits when `fn` resolves, rolls back when it rejects; inside another `inTx` it joins that one. */
  inTx<T>(fn: () => Promise<T>): Promise<T>
  /** Runs `fn` once the open transaction is committed (never if it is not); at once outside of one. */
  afterCommit(fn: () => void): void
  /** For pg-boss: its statements join the open transaction too. */
  boss: Db
  close(): Promise<void>
}

type Open = { run: Run; ended: boolean; failed: Error | undefined; committed: (() => void)[] }

/** PostgreSQL's own code for it. */
const NO_TRANSACTION = { code: '25P01' }

// pg-boss wraps some statements into BEGIN … COMMIT itself; if one of them fails, the connection must not stay behind in
// the aborted transaction, and a transaction of the backend around it sees to that.
const OWN_TRANSACTION = /^\s*BEGIN\b/i

/** The one adapter for both backends. */
export function joinTransactions(backend: Backend): Database {
  const storage = new AsyncLocalStorage<Open>()

  const run: Run = async (text, values) => {
    const open = storage.getStore()
    if (open?.ended)
      throw new DatabaseError('a statement came after the end of its transaction', NO_TRANSACTION)
    try {
      if (open) return await open.run(text, values)
      if (OWN_TRANSACTION.test(text)) return await backend.transaction((runInside) => runInside(text))
      return await backend.run(text, values)
    } catch (error) {
      const redacted = redact(error)
      if (open) open.failed ??= redacted
      throw redacted
    }
  }

  const begin = async <T>(fn: () => Promise<T>): Promise<T> => {
    const committed: (() => void)[] = []
    const result = await backend.transaction(async (runInside) => {
      const open: Open = { run: runInside, ended: false, failed: undefined, committed }
      try {
        const value = await storage.run(open, fn)
        // A failed statement has aborted the transaction; a caller that swallowed its error must not see a commit.
        if (open.failed) throw open.failed
        return value
      } finally {
        open.ended = true
      }
    })
    for (const hook of committed) storage.exit(hook)
    return result
  }

  return {
    kind: backend.kind,
    query: async <Row>(sql: string, params: unknown[] = []) => (await run(sql, params)).rows as Row[],
    inTx: (fn) => {
      const open = storage.getStore()
      return open && !open.ended ? fn() : begin(fn)
    },
    afterCommit: (fn) => {
      const open = storage.getStore()
      if (open && !open.ended) open.committed.push(fn)
      else storage.exit(fn)
    },
    boss: { executeSql: run },
    close: () => backend.close(),
  }
}
