// Every GraphQL document that we send is one that GitHub's schema knows.
import { describe, expect, test } from 'vitest'
import { CREATE_BOARD, FIND_BOARDS, LINK_BOARD, READ_BOARD } from '../../src/github/board/board-documents.ts'
import { addDocument, READ_CARD, valuesDocument } from '../../src/github/board/card-documents.ts'
import { fieldsDocument } from '../../src/github/board/fields.ts'
import { LATEST_STATUS, POST_STATUS } from '../../src/github/board/status-update.ts'
import { CREATE_COMMIT, CREATE_LINKED_BRANCH } from '../../src/github/code/branches.ts'
import { LATEST_DEPLOYMENTS } from '../../src/github/code/pulls.ts'
import { REVERT_PULL } from '../../src/github/code/revert.ts'
import { LATEST_CHANGES } from '../../src/github/history/latest.ts'
import { READ_ORIGINAL } from '../../src/github/issues/duplicates.ts'
import { idsDocument, openDocument } from '../../src/github/issues/new-issues.ts'
import { READ_WATCHED } from '../../src/heal/watched.ts'
import { problemsOfDocument } from './stand.ts'

const DOCUMENTS = {
  CREATE_BOARD,
  CREATE_COMMIT,
  CREATE_LINKED_BRANCH,
  FIND_BOARDS,
  LATEST_CHANGES,
  LATEST_DEPLOYMENTS,
  LATEST_STATUS,
  LINK_BOARD,
  POST_STATUS,
  READ_BOARD,
  READ_CARD,
  READ_ORIGINAL,
  READ_WATCHED,
  REVERT_PULL,
  'fields to make': fieldsDocument(7, 0),
  'fields to extend': fieldsDocument(0, 2),
  'fields of both kinds': fieldsDocument(1, 1),
  'cards to add': addDocument(2),
  'values to set': valuesDocument([
    { card: 0, sets: true },
    { card: 0, sets: true },
  ]),
  'values to empty, of two cards': valuesDocument([
    { card: 0, sets: false },
    { card: 1, sets: false },
  ]),
  'ids of labels and people': idsDocument(2, 2),
  'ids of labels': idsDocument(1, 0),
  'issues to make': openDocument(5),
}

describe('documents', () => {
  test.each(Object.entries(DOCUMENTS))('%s', (_name, document) => {
    expect(problemsOfDocument(document)).toEqual([])
  })

  test('a wrong one would be noticed', () => {
    expect(problemsOfDocument('query { viewer { loginn } }')).not.toEqual([])
  })
})
