// The GraphQL documents that add, read and fill cards.

/** The document that adds so many cards. */
export function addDocument(count: number): string {
  const names = Array.from({ length: count }, (_, index) => index)
  const calls = names.map(
    (index) =>
      `card${index}: addProjectV2ItemById(input: { projectId: $board, contentId: $content${index} }) { item { id } }`,
  )
  const variables = names.map((index) => `$content${index}: ID!`)
  return `mutation AddCards($board: ID!, ${variables.join(', ')}) {\n  ${calls.join('\n  ')}\n}`
}

export const READ_CARD = `query ReadCard($item: ID!) {
  node(id: $item) {
    ... on ProjectV2Item {
      id
      isArchived
      project { id }
      content {
        ... on Issue { id number repository { name owner { login } } }
        ... on PullRequest { id number repository { name owner { login } } }
      }
      fieldValues(first: 50) {
        nodes {
          ... on ProjectV2ItemFieldSingleSelectValue { name field { ... on ProjectV2FieldCommon { name } } }
          ... on ProjectV2ItemFieldTextValue { text field { ... on ProjectV2FieldCommon { name } } }
          ... on ProjectV2ItemFieldDateValue { date field { ... on ProjectV2FieldCommon { name } } }
        }
      }
    }
  }
}`

/** Sets a field of a card, or empties it; `card` is its place among the cards of one document. */
type Setting = { card: number; sets: boolean }

/** The document that sets or empties fields of one card or several. */
export function valuesDocument(settings: readonly Setting[]): string {
  const cards = [...new Set(settings.map(({ card }) => card))]
  const variables = [
    ...cards.map((card) => `$card${card}: ID!`),
    ...settings.map(
      ({ sets }, index) => `$field${index}: ID!${sets ? `, $value${index}: ProjectV2FieldValue!` : ''}`,
    ),
  ]
  const calls = settings.map(({ card, sets }, index) => {
    const input = `projectId: $board, itemId: $card${card}, fieldId: $field${index}`
    return sets
      ? `set${index}: updateProjectV2ItemFieldValue(input: { ${input}, value: $value${index} }) { clientMutationId }`
      : `clear${index}: clearProjectV2ItemFieldValue(input: { ${input} }) { clientMutationId }`
  })
  return `mutation PutValues($board: ID!, ${variables.join(', ')}) {\n  ${calls.join('\n  ')}\n}`
}
