// GitHub's GraphQL schema, built on first use: the published one and what it has gained since.
import { readFileSync } from 'node:fs'
import { buildSchema, extendSchema, type GraphQLSchema, parse } from 'graphql'

let built: GraphQLSchema | undefined

/** Takes about a quarter of a second the first time. */
export function githubSchema(): GraphQLSchema {
  built ??= build()
  return built
}

function build(): GraphQLSchema {
  // Beside the package's entry, which would also parse five megabytes of JSON.
  const published = new URL('./schema.graphql', import.meta.resolve('@octokit/graphql-schema'))
  const extension = new URL('./schema-extension.graphql', import.meta.url)
  const assume = { assumeValid: true, assumeValidSDL: true, noLocation: true }
  const schema = buildSchema(readFileSync(published, 'utf8'), assume)
  return extendSchema(schema, parse(readFileSync(extension, 'utf8'), { noLocation: true }), assume)
}
