// Lists the tables to back up: all of ours, with their columns.
import type { Database } from '../database/database.ts'

/** `columns` without those that the database computes. */
export type Table = { name: string; columns: string[]; identity: string[] }

/** `migrations` is the schema's own; `told` says what was said lately, and a server that was ever started has a row there. */
const OWN = ['migrations']
const NO_CONTENT = ['told']

const TABLES = `
  SELECT t.relname AS name,
    (SELECT array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns
     WHERE table_schema = 'mayday' AND table_name = t.relname AND is_generated = 'NEVER') AS columns,
    (SELECT coalesce(array_agg(column_name::text), '{}') FROM information_schema.columns
     WHERE table_schema = 'mayday' AND table_name = t.relname AND is_identity = 'YES') AS identity,
    (SELECT coalesce(array_agg(DISTINCT p.relname::text), '{}') FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid
     WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.confrelid <> t.oid) AS needs
  FROM pg_class t WHERE t.relnamespace = 'mayday'::regnamespace AND t.relkind = 'r' ORDER BY t.relname`

/** Every table, those first that others refer to. */
export async function tablesOf(database: Database): Promise<Table[]> {
  const rows = await database.query<Table & { needs: string[] }>(TABLES)
  const left = rows.filter(({ name }) => !OWN.includes(name))
  const ordered: Table[] = []
  while (left.length > 0) {
    const isReady = ({ needs }: { needs: string[] }) => !left.some(({ name }) => needs.includes(name))
    const [next] = left.splice(Math.max(0, left.findIndex(isReady)), 1)
    if (next) ordered.push(next)
  }
  return ordered
}

/** How many rows prevent a restore, by table; none: the database counts as empty. */
export async function contentOf(database: Database): Promise<{ [table: string]: number }> {
  const counts: { [table: string]: number } = {}
  for (const { name } of await tablesOf(database)) {
    if (NO_CONTENT.includes(name)) continue
    const [row] = await database.query<{ count: number }>(`SELECT count(*) FROM mayday.${name}`)
    if (row && row.count > 0) counts[name] = row.count
  }
  return counts
}
