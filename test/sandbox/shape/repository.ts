// REST shapes of repositories and labels.
import { fullName } from '../world/find.ts'
import { iso } from '../world/rules.ts'
import type { Label, Repository, World } from '../world/world.ts'
import { accountShape, type Shape } from './account.ts'

const TEMPLATED = {
  keys_url: 'keys{/key_id}',
  collaborators_url: 'collaborators{/collaborator}',
  issue_events_url: 'issues/events{/number}',
  assignees_url: 'assignees{/user}',
  branches_url: 'branches{/branch}',
  blobs_url: 'git/blobs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  git_refs_url: 'git/refs{/sha}',
  trees_url: 'git/trees{/sha}',
  statuses_url: 'statuses/{sha}',
  commits_url: 'commits{/sha}',
  git_commits_url: 'git/commits{/sha}',
  comments_url: 'comments{/number}',
  issue_comment_url: 'issues/comments{/number}',
  contents_url: 'contents/{+path}',
  compare_url: 'compare/{base}...{head}',
  archive_url: '{archive_format}{/ref}',
  issues_url: 'issues{/number}',
  pulls_url: 'pulls{/number}',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  labels_url: 'labels{/name}',
  releases_url: 'releases{/id}',
  forks_url: 'forks',
  teams_url: 'teams',
  hooks_url: 'hooks',
  events_url: 'events',
  tags_url: 'tags',
  languages_url: 'languages',
  stargazers_url: 'stargazers',
  contributors_url: 'contributors',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  merges_url: 'merges',
  downloads_url: 'downloads',
  deployments_url: 'deployments',
}

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.apiUrl}/repos/${fullName(repository)}`
}

export function repositoryPage(world: World, repository: Repository): string {
  return `${world.url}/${fullName(repository)}`
}

/** What lists and nested places carry. */
export function minimalRepositoryShape(world: World, repository: Repository): Shape {
  const url = repositoryUrl(world, repository)
  const templated = Object.entries(TEMPLATED).map(([key, path]) => [key, `${url}/${path}`])
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: accountShape(world, repository.owner),
    html_url: repositoryPage(world, repository),
    description: repository.description,
    fork: false,
    url,
    ...Object.fromEntries(templated),
  }
}

/** Also of webhook payloads. */
export function repositoryShape(world: World, repository: Repository): Shape {
  const page = repositoryPage(world, repository)
  const open = [...repository.issues.values()].filter((issue) => issue.state === 'open').length
  return {
    ...minimalRepositoryShape(world, repository),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.updatedAt),
    pushed_at: iso(repository.pushedAt),
    git_url: `git://${new URL(world.url).host}/${fullName(repository)}.git`,
    ssh_url: `git@${new URL(world.url).hostname}:${fullName(repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 108,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  }
}

export function fullRepositoryShape(world: World, repository: Repository): Shape {
  return {
    ...repositoryShape(world, repository),
    network_count: 0,
    subscribers_count: 0,
    ...(repository.owner.kind === 'Organization'
      ? { organization: accountShape(world, repository.owner) }
      : {}),
  }
}

/** What `installation` events list. */
export function installedRepositoryShape(repository: Repository): Shape {
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
  }
}

export function labelShape(world: World, label: Label): Shape {
  return {
    id: label.id,
    node_id: label.nodeId,
    url: `${repositoryUrl(world, label.repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  }
}
