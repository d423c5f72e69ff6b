// Speaks PostgreSQL's protocol with the embedded server: a statement is prepared once and then costs one call.
import { type PGlite, parse, protocol } from '@electric-sql/pglite'
import type { Run } from './transactions.ts'

const { serialize, messages: kinds } = protocol

type RowDescription = InstanceType<typeof kinds.RowDescriptionMessage>
type PreparedStatement = { name: string; types: number[]; rows: RowDescription | undefined; uses: number }
type Client = Pick<PGlite, 'closed' | 'execProtocolStream' | 'parsers' | 'serializers'>

/** The server keeps prepared statements until they are closed; Mayday and pg-boss have fewer than this. */
const MOST_STATEMENTS = 500

/** A statement is planned again after this many uses, because a plan for an empty table is wrong for a full one. */
const USES_OF_A_PLAN = 200

/** A statement that may change what a prepared one answers. */
const CHANGES_THE_SCHEMA = /\b(create|alter|drop)\b/i

/**
 * Runs statements in the one session. PGlite's own `query` enters the server six times and lets it parse and plan each time
 * (https://github.com/electric-sql/pglite, `base.ts`). Here a text is prepared once, and then bound and executed in one call.
 * The caller must await one statement before the next.
 */
export function preparedStatements(client: Client): Run {
  const session = new Session(client)
  return async (text, values) => {
    if (client.closed) throw new Error('the embedded database is closed')
    const messages = values?.length ? await session.execute(text, values) : await session.executeScript(text)
    return { rows: parse.parseResults(messages, client.parsers).flatMap((result) => result.rows) }
  }
}

class Session {
  readonly #client: Client
  readonly #prepared = new Map<string, PreparedStatement>()
  #names = 0

  constructor(client: Client) {
    this.#client = client
  }

  /** Runs several statements without parameters. */
  async executeScript(text: string) {
    const messages = await this.#send(serialize.query(text))
    if (CHANGES_THE_SCHEMA.test(text)) {
      this.#prepared.clear()
      await this.#send(serialize.query('DEALLOCATE ALL'))
    }
    return messages
  }

  async execute(text: string, values: unknown[]) {
    const earlier = this.#prepared.get(text)
    const prepared = earlier && earlier.uses < USES_OF_A_PLAN ? earlier : await this.#prepare(text)
    prepared.uses += 1
    const messages = await this.#send(
      serialize.bind({ statement: prepared.name, values: this.#wireValues(prepared, values) }),
      serialize.execute({}),
      serialize.sync(),
    )
    return prepared.rows ? [prepared.rows, ...messages] : messages
  }

  #wireValues({ types }: PreparedStatement, values: unknown[]) {
    return types.map((type, index) => {
      const value = values[index]
      if (value === null || value === undefined) return null
      const serializer = this.#client.serializers[type]
      return serializer ? serializer(value) : String(value)
    })
  }

  async #prepare(text: string): Promise<PreparedStatement> {
    this.#names += 1
    const name = `s${this.#names}`
    const messages = await this.#send(
      ...this.#close(text),
      ...(this.#prepared.size >= MOST_STATEMENTS ? this.#close(this.#prepared.keys().next().value) : []),
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    )
    const parameters = messages.find((message) => message instanceof kinds.ParameterDescriptionMessage)
    const rows = messages.find((message) => message instanceof kinds.RowDescriptionMessage)
    const prepared = { name, types: parameters?.dataTypeIDs ?? [], rows, uses: 0 }
    this.#prepared.set(text, prepared)
    return prepared
  }

  /** The messages that close a prepared statement; none where it is not prepared. */
  #close(text: string | undefined): Uint8Array[] {
    const prepared = text === undefined ? undefined : this.#prepared.get(text)
    if (text === undefined || !prepared) return []
    this.#prepared.delete(text)
    return [serialize.close({ type: 'S', name: prepared.name })]
  }

  #send(...parts: Uint8Array[]) {
    return this.#client.execProtocolStream(Buffer.concat(parts), { syncToFs: false })
  }
}
