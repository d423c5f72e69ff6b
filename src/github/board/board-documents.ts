// The GraphQL documents that find, create, read and link a board, with their answers.
import type { BoardField } from './layout.ts'

export const FIND_BOARDS = `query FindBoards($org: String!, $title: String!) {
  organization(login: $org) {
    id
    projectsV2(first: 20, query: $title) { nodes { number title creator { __typename login } } }
  }
}`

export const CREATE_BOARD = `mutation CreateBoard($owner: ID!, $title: String!, $repository: ID!) {
  createProjectV2(input: { ownerId: $owner, title: $title, repositoryId: $repository }) { projectV2 { number } }
}`

export const READ_BOARD = `query ReadBoard($org: String!, $number: Int!) {
  organization(login: $org) {
    projectV2(number: $number) {
      id
      number
      url
      closed
      creator { __typename login }
      fields(first: 50) {
        nodes {
          ... on ProjectV2FieldCommon { id databaseId name dataType }
          ... on ProjectV2SingleSelectField { options { id name color description } }
        }
      }
      views(first: 50) { nodes { name } }
      repositories(first: 100) { nodes { id } }
    }
  }
}`

export const LINK_BOARD = `mutation LinkBoard($board: ID!, $repository: ID!) {
  linkProjectV2ToRepository(input: { projectId: $board, repositoryId: $repository }) { repository { id } }
}`

export type Creator = { __typename: string; login: string } | null

export type BoardsAnswer = {
  organization: {
    id: string
    projectsV2: { nodes: ({ number: number; title: string; creator: Creator } | null)[] }
  } | null
}

export type CreatedBoard = { createProjectV2: { projectV2: { number: number } | null } | null }

type FieldAnswer = {
  id?: string
  databaseId?: number | null
  name?: string
  dataType?: string
  options?: BoardField['options']
}

export type BoardAnswer = {
  id: string
  number: number
  url: string
  closed: boolean
  creator: Creator
  fields: { nodes: (FieldAnswer | null)[] }
  views: { nodes: ({ name: string } | null)[] }
  repositories: { nodes: ({ id: string } | null)[] }
}
