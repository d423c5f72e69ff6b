// Speaks PostgreSQL's protocol with the embedded server, so that a statement that came before costs one call of it.
import { type PGlite, parse, protocol } from '@electric-sql/pglite'
import type { Run } from './transactions.ts'

const { serialize, messages: kinds } = protocol

type RowDescription = InstanceType<typeof kinds.RowDescriptionMessage>
type PreparedStatement = { name: string; types: number[]; rows: RowDescription | undefined; uses: number }
type Client = Pick<PGlite, 'closed' | 'execProtocolStream' | 'parsers' | 'serializers'>

/** A server keeps what was prepared until it is told to forget; ours and pg-boss's are fewer. */
const MOST_STATEMENTS = 500

/** After so many uses it is planned anew: a plan that was made for an empty table must not outlive it for long. */
const USES_OF_A_PLAN = 200

/** A statement without parameters that may change what a prepared one answers. */
const CHANGES_THE_SCHEMA = /\b(create|alter|drop)\b/i

/**
 * Statements of the one session. PGlite's own `query` enters the server six times and has it parsed and planned each
 * time (https://github.com/electric-sql/pglite, `base.ts`); here a text is prepared when it first comes, and then bound
 * and executed in one call. Whoever calls it lets one statement end before the next begins.
 */
export function preparedStatements(client: Client): Run {
  const known = new Map<string, PreparedStatement>()
  let names = 0
  const send = (...parts: Uint8Array[]) =>
    client.execProtocolStream(Buffer.concat(parts), { syncToFs: false })

  const several = async (text: string) => {
    const messages = await send(serialize.query(text))
    if (CHANGES_THE_SCHEMA.test(text)) {
      known.clear()
      await send(serialize.query('DEALLOCATE ALL'))
    }
    return messages
  }

  /** The messages that close a statement. */
  const forget = (text: string | undefined): Uint8Array[] => {
    const prepared = text === undefined ? undefined : known.get(text)
    if (text === undefined || !prepared) return []
    known.delete(text)
    return [serialize.close({ type: 'S', name: prepared.name })]
  }

  const prepare = async (text: string): Promise<PreparedStatement> => {
    const name = `s${++names}`
    const messages = await send(
      ...forget(text),
      ...(known.size >= MOST_STATEMENTS ? forget(known.keys().next().value) : []),
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    )
    const parameters = messages.find((message) => message instanceof kinds.ParameterDescriptionMessage)
    const rows = messages.find((message) => message instanceof kinds.RowDescriptionMessage)
    const prepared = { name, types: parameters?.dataTypeIDs ?? [], rows, uses: 0 }
    known.set(text, prepared)
    return prepared
  }

  const one = async (text: string, values: unknown[]) => {
    const earlier = known.get(text)
    const prepared = earlier && earlier.uses < USES_OF_A_PLAN ? earlier : await prepare(text)
    prepared.uses += 1
    const wire = prepared.types.map((type, at) => {
      const value = values[at]
      if (value === null || value === undefined) return null
      const serializer = client.serializers[type]
      return serializer ? serializer(value) : String(value)
    })
    const messages = await send(
      serialize.bind({ statement: prepared.name, values: wire }),
      serialize.execute({}),
      serialize.sync(),
    )
    return prepared.rows ? [prepared.rows, ...messages] : messages
  }

  return async (text, values) => {
    if (client.closed) throw new Error('the embedded database is closed')
    const messages = values?.length ? await one(text, values) : await several(text)
    return { rows: parse.parseResults(messages, client.parsers).flatMap((result) => result.rows) }
  }
}
