// Creates the missing fields of a board; leaves those of people alone.

import type { InstallationClient } from '../client/client.ts'
import { Refused } from '../client/errors.ts'
import { type BoardField, type FieldLayout, fieldNamed, missingOptions } from './layout.ts'

/** Makes the missing fields and adds the missing options of ours, all in one call. False: there was nothing to do. */
export async function completeFields(
  github: InstallationClient,
  wanted: {
    board: string
    layouts: readonly FieldLayout[]
    fields: readonly BoardField[]
    isOurField: (field: BoardField) => boolean
  },
): Promise<boolean> {
  const creations: object[] = []
  const extensions: object[] = []
  for (const layout of wanted.layouts) {
    const field = fieldNamed(wanted.fields, layout.name)
    const { name, type: dataType, options } = layout
    if (!field) {
      const singleSelectOptions = options.length > 0 ? { singleSelectOptions: options } : {}
      creations.push({ projectId: wanted.board, name, dataType, ...singleSelectOptions })
      continue
    }
    const missing = field.type === dataType && wanted.isOurField(field) ? missingOptions(field, layout) : []
    // Without their ids GitHub would recreate the present options, and every card would lose its value.
    if (missing.length > 0)
      extensions.push({ fieldId: field.id, singleSelectOptions: [...field.options, ...missing] })
  }
  if (creations.length + extensions.length === 0) return false
  const variables = Object.fromEntries([
    ...creations.map((input, index) => [`create${index}`, input]),
    ...extensions.map((input, index) => [`extend${index}`, input]),
  ])
  try {
    await github.graphql(fieldsDocument(creations.length, extensions.length), variables)
  } catch (error) {
    // One name may be taken or one list full; GitHub still does the others.
    if (!(error instanceof Refused) || error.kind !== 'invalid') throw error
  }
  return true
}

/** The document that makes so many fields and extends so many others. */
export function fieldsDocument(creations: number, extensions: number): string {
  const create = Array.from({ length: creations }, (_, index) => `create${index}`)
  const extend = Array.from({ length: extensions }, (_, index) => `extend${index}`)
  const variables = [
    ...create.map((name) => `$${name}: CreateProjectV2FieldInput!`),
    ...extend.map((name) => `$${name}: UpdateProjectV2FieldInput!`),
  ]
  const calls = [
    ...create.map((name) => `${name}: createProjectV2Field(input: $${name}) { clientMutationId }`),
    ...extend.map((name) => `${name}: updateProjectV2Field(input: $${name}) { clientMutationId }`),
  ]
  return `mutation CompleteFields(${variables.join(', ')}) {\n  ${calls.join('\n  ')}\n}`
}
