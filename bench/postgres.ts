// A database of its own on the PostgreSQL server that BENCH_DATABASE_URL names (else one on this machine), where one answers.
import pg from 'pg'

const SERVER = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** Undefined where no server answers. */
export const serverVersion: string | undefined = await onServer<{ server_version: string }>(
  'SHOW server_version',
).then(
  ([row]) => row?.server_version.split(' ')[0],
  () => undefined,
)

/** Runs `work` with the address of a new, empty database, which is gone afterwards. */
export async function withDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const name = `mayday_bench_${process.pid}_${Math.trunc(performance.now())}`
  await onServer(`CREATE DATABASE ${name}`)
  try {
    const url = new URL(SERVER)
    url.pathname = `/${name}`
    return await work(url.href)
  } finally {
    await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
}

async function onServer<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}
