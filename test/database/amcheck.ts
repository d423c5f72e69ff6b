// Looks for damage in an embedded database that nobody has open.
import { PGlite } from '@electric-sql/pglite'
import { amcheck } from '@electric-sql/pglite/contrib/amcheck'

/** What PostgreSQL's own check finds in the indexes and tables, row by row; nothing stays behind of it. */
export async function damageOf(directory: string): Promise<string[]> {
  const pglite = await PGlite.create(directory, { extensions: { amcheck } })
  try {
    await pglite.exec('BEGIN; CREATE EXTENSION amcheck')
    const { rows } = await pglite.query<{ name: string; oid: number; kind: string }>(
      `SELECT oid::regclass::text AS name, oid::int, relkind AS kind FROM pg_class
       WHERE relkind IN ('r', 't', 'm') OR (relkind = 'i' AND relam = (SELECT oid FROM pg_am WHERE amname = 'btree'))`,
    )
    const found: string[] = []
    for (const { name, oid, kind } of rows) {
      const check =
        kind === 'i' ? 'SELECT bt_index_check($1::oid, true)' : 'SELECT msg FROM verify_heapam($1::oid)'
      await pglite.exec('SAVEPOINT look')
      try {
        const result = await pglite.query<{ msg?: string }>(check, [oid])
        if (kind !== 'i') found.push(...result.rows.map(({ msg }) => `${name}: ${msg}`))
      } catch (error) {
        found.push(`${name}: ${error instanceof Error ? error.message : 'unknown'}`)
        await pglite.exec('ROLLBACK TO look')
      }
    }
    await pglite.exec('ROLLBACK')
    return found
  } finally {
    await pglite.close()
  }
}
