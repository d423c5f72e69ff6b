// REST shapes of accounts, teams, the app and its installations, as GitHub's description has them.
import { iso, isoOrNull } from '../world/rules.ts'
import type { Account, Installation, Permissions, Team, World } from '../world/world.ts'

export type Shape = Record<string, unknown>

export function accountShape(world: World, account: Account): Shape {
  const login = account.login
  const url = `${world.apiUrl}/users/${encodeURIComponent(login)}`
  const page = account.kind === 'Bot' ? `${world.url}/apps/${world.app.slug}` : `${world.url}/${login}`
  return {
    login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `${world.url}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.kind,
    user_view_type: 'public',
    site_admin: false,
  }
}

export function publicAccountShape(world: World, account: Account): Shape {
  return {
    ...accountShape(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(account.createdAt),
    updated_at: iso(account.createdAt),
  }
}

export function organizationShape(world: World, organization: Account): Shape {
  const url = `${world.apiUrl}/orgs/${organization.login}`
  return {
    login: organization.login,
    id: organization.id,
    node_id: organization.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${organization.id}?v=4`,
    description: '',
  }
}

export function fullOrganizationShape(world: World, organization: Account): Shape {
  return {
    ...organizationShape(world, organization),
    name: organization.name ?? organization.login,
    html_url: `${world.url}/${organization.login}`,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: world.repositories.filter((each) => each.owner === organization && !each.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(organization.createdAt),
    updated_at: iso(organization.createdAt),
    archived_at: null,
    type: 'Organization',
  }
}

export function teamShape(world: World, team: Team): Shape {
  const url = `${world.apiUrl}/organizations/${team.organization.id}/team/${team.id}`
  return {
    id: team.id,
    node_id: team.nodeId,
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    url,
    html_url: `${world.url}/orgs/${team.organization.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    permission: 'push',
    type: 'organization',
    organization_id: team.organization.id,
    parent: null,
  }
}

export function fullTeamShape(world: World, team: Team): Shape {
  return {
    ...teamShape(world, team),
    created_at: iso(team.organization.createdAt),
    updated_at: iso(team.organization.createdAt),
    members_count: team.members.length,
    repos_count: team.repositories.length,
    organization: fullOrganizationShape(world, team.organization),
  }
}

/** `performed_via_github_app`, and `GET /app`. */
export function appShape(world: World): Shape {
  const app = world.app
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: app.nodeId,
    owner: accountShape(world, app.owner),
    name: app.name,
    description: 'Incidents where the code lives.',
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  }
}

/** Apps that the sandbox knows by slug only, such as GitHub Actions. */
export function foreignAppShape(world: World, slug: string): Shape {
  if (slug === world.app.slug) return appShape(world)
  return {
    ...appShape(world),
    id: 15_368,
    client_id: 'Iv1.05c79e9ad1f6bdfa',
    slug,
    node_id: 'MDM6QXBwMTUzNjg=',
    name: slug === 'github-actions' ? 'GitHub Actions' : slug,
    description: 'Automate your workflow from idea to production',
    external_url: `${world.url}/features/actions`,
    html_url: `${world.url}/apps/${slug}`,
    permissions: { metadata: 'read' },
    events: [],
  }
}

export function installationShape(world: World, installation: Installation): Shape {
  const url = `${world.apiUrl}/app/installations/${installation.id}`
  const account = installation.account
  return {
    id: installation.id,
    client_id: world.app.clientId,
    account: accountShape(world, account),
    repository_selection: installation.selection === 'all' ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url:
      account.kind === 'Organization'
        ? `${world.url}/organizations/${account.login}/settings/installations/${installation.id}`
        : `${world.url}/settings/installations/${installation.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: account.id,
    target_type: account.kind,
    permissions: withMetadata(installation.permissions),
    events: world.app.events,
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedBy === null ? null : accountShape(world, installation.suspendedBy),
    suspended_at: isoOrNull(installation.suspendedAt),
  }
}

export function withMetadata(permissions: Permissions): Permissions {
  return { metadata: 'read', ...permissions }
}
