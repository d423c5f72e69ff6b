// Words GraphQL errors as GitHub does.
import type { GraphQLError, SourceLocation } from 'graphql'
import { GitHubRefusal } from '../world/world.ts'
import { GraphqlRefusal } from './resolver.ts'

/** One entry of an answer's `errors`. `type` is GitHub's own, e.g. NOT_FOUND or FORBIDDEN. */
export type GraphqlProblem = {
  message: string
  type?: string
  path?: ReadonlyArray<string | number>
  locations?: readonly SourceLocation[]
  extensions?: { [key: string]: unknown }
}

const WORDINGS: Array<{ code: string; from: RegExp; to: (...groups: string[]) => string }> = [
  {
    code: 'undefinedField',
    from: /^Cannot query field "(\w+)" on type "(\w+)"\./,
    to: (field, type) => `Field '${field}' doesn't exist on type '${type}'`,
  },
  {
    code: 'argumentNotAccepted',
    from: /^Unknown argument "(\w+)" on field "\w+\.(\w+)"\./,
    to: (argument, field) => `Field '${field}' doesn't accept argument '${argument}'`,
  },
  {
    code: 'argumentNotAccepted',
    from: /^Expected value of type "(\w+)" not to include unknown field "(\w+)"/,
    to: (type, argument) => `InputObject '${type}' doesn't accept argument '${argument}'`,
  },
  {
    code: 'variableRequiresValidType',
    from: /^Unknown type "(\w+Input)"\./,
    to: (type) => `${type} isn't a defined input type`,
  },
  {
    code: 'undefinedType',
    from: /^Unknown type "(\w+)"\./,
    to: (type) => `No such type ${type}, so it can't be a fragment condition`,
  },
  {
    code: 'missingRequiredInputObjectAttribute',
    from: /^Expected value of type "(\w+)" to include required field "(\w+)"/,
    to: (type, argument) => `Argument '${argument}' on InputObject '${type}' is required.`,
  },
  {
    code: 'missingRequiredArguments',
    from: /^Argument "\w+\.(\w+)\((\w+):\)" of type ".*" is required, but it was not provided\./,
    to: (field, argument) => `Field '${field}' is missing required arguments: ${argument}`,
  },
]

/** A document that does not parse or does not fit the schema. */
export function formatRequestError(error: GraphQLError): GraphqlProblem {
  const locations = error.locations ? { locations: error.locations } : {}
  for (const { code, from, to } of WORDINGS) {
    const match = from.exec(error.message)
    if (match) return { message: to(...match.slice(1)), extensions: { code }, ...locations }
  }
  return { message: error.message, ...locations }
}

/** A variable's value: GitHub names its type, and what is wrong with which part. */
const VARIABLE = /^Variable "\$(\w+)" has invalid value(?: at \.([\w.]+))?: (.+)$/
const PARTS: Array<[RegExp, string]> = [
  [/to include required field "(\w+)"/, 'Expected value to not be null'],
  [/not to include unknown field "(\w+)"/, 'Field is not defined'],
  [/not to be null|to be provided/, 'Expected value to not be null'],
]

function variableProblem(error: GraphQLError): string | undefined {
  const [, name, at, reason = ''] = VARIABLE.exec(error.message) ?? []
  if (name === undefined) return undefined
  for (const [pattern, explanation] of PARTS) {
    const match = pattern.exec(reason)
    if (match)
      return `Variable $${name} was provided invalid value for ${match[1] ?? at ?? name} (${explanation})`
  }
  return `Variable $${name} was provided invalid value${at ? ` for ${at}` : ''} (${reason})`
}

/** What went wrong in a field: the refusal's own words and type, or the error as it is. */
export function formatExecutionError(error: GraphQLError): GraphqlProblem {
  const place = { path: error.path ?? [], locations: error.locations ?? [] }
  const cause = error.originalError
  if (cause instanceof GraphqlRefusal) return { type: cause.type, message: cause.message, ...place }
  if (cause instanceof GitHubRefusal) return { type: typeOf(cause), message: wordsOf(cause), ...place }
  return { message: variableProblem(error) ?? error.message, ...place }
}

const typeOf = (refusal: GitHubRefusal): string =>
  refusal.message.startsWith('Expected branch to point to') ? 'STALE_DATA' : refusal.type

/** REST lists the fields beside "Validation Failed"; GraphQL says them in the message. */
function wordsOf(refusal: GitHubRefusal): string {
  const lines = (refusal.errors ?? []).map((detail) => {
    if (typeof detail === 'string') return detail
    if (typeof detail !== 'object' || detail === null) return String(detail)
    const { message, field, code }: { message?: string; field?: string; code?: string } = detail
    if (message !== undefined) return message
    const name = `${field?.slice(0, 1).toUpperCase()}${field?.slice(1)}`
    return code === 'missing_field' ? `${name} can't be blank` : `${name} is invalid`
  })
  if (lines.length > 0) return lines.join(', ')
  return refusal.message.replace(/ but it points to .*$/, ' but it did not.  Pull and try again.')
}
