// Removes statements, values and rows from database errors.

/** A database error without values: its message, its SQLSTATE code and the name of the constraint. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  /** SQLSTATE, or the code of the network error; undefined when the driver gave none. */
  readonly code: string | undefined
  /** Name of the violated constraint, if there is one. */
  readonly constraint: string | undefined

  constructor(message: string, named: { code?: string | undefined; constraint?: string | undefined }) {
    super(message)
    this.code = named.code
    this.constraint = named.constraint
  }
}

// SQLSTATE classes: connection, too few resources (a full disk), shut down or terminated by an administrator
// (https://www.postgresql.org/docs/current/errcodes-appendix.html); ENOSPC and the network's own codes.
const OUTAGE = /^(08|53|57P|E[A-Z_]+$)/

/** Whether the database was away, rather than asked for something wrong. A driver that lost its connection gives no code. */
export function isOutage(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === undefined || OUTAGE.test(error.code))
}

/**
 * The same error without statement, parameters, detail, hint and cause. Drivers attach all of these to what they
 * throw (PGlite even the whole list of parameters), and an error ends in a log.
 */
export function redact(error: unknown): Error {
  if (error instanceof DatabaseError) return error
  if (typeof error !== 'object' || error === null) return new DatabaseError('the database failed', {})
  const code = stringField(error, 'code')
  const constraint = stringField(error, 'constraint')
  const message = withoutValues(stringField(error, 'message') ?? 'the database failed', code)
  const redacted = new DatabaseError(message, { code, constraint })
  const stack = stringField(error, 'stack')
  if (stack) redacted.stack = `${redacted.name}: ${message}\n${frames(stack)}`
  return redacted
}

// Class 22 (data exception) and P0001 (RAISE) quote the value in the message itself.
function withoutValues(message: string, code: string | undefined): string {
  const line = message.split('\n', 1)[0] ?? ''
  if (code?.startsWith('22') || code === 'P0001') return (line.split(/[:"]/, 1)[0] ?? '').trim()
  return line.slice(0, 300)
}

function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
}

function stringField(error: object, field: string): string | undefined {
  const value: unknown = Reflect.get(error, field)
  return typeof value === 'string' ? value : undefined
}
