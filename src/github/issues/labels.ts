// Creates the missing labels of a repository; leaves those of people alone.
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { Refused } from '../client/errors.ts'

/** `color` is six hex digits without `#`; `description` at most 100 characters. */
export type Label = { name: string; color: string; description: string }

/** Makes the labels that the repository does not have; names compare without case, as GitHub's do. Returns those made. */
export async function ensureLabels(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  labels: readonly Label[],
): Promise<string[]> {
  const present = new Set<string>()
  const pages = github.rest.paginate.iterator(github.rest.issues.listLabelsForRepo, {
    owner,
    repo,
    per_page: 100,
  })
  for await (const { data } of pages) for (const { name } of data) present.add(name.toLowerCase())
  const missing = labels.filter(({ name }) => !present.has(name.toLowerCase()))
  for (const label of missing) await ensureLabel(github, { owner, repo }, label)
  return missing.map(({ name }) => name)
}

async function ensureLabel(
  github: InstallationClient,
  repository: RepositoryTarget,
  label: Label,
): Promise<void> {
  try {
    await createLabel(github, repository, label)
  } catch (error) {
    const raced = error instanceof Refused && error.errors.some((detail) => detail.includes('already_exists'))
    if (!raced) throw error
  }
}

/** Makes a label that is not there and gives its node id; without a colour it gets GitHub's grey. */
export async function createLabel(
  github: InstallationClient,
  { owner, repo }: RepositoryTarget,
  label: Pick<Label, 'name'> & Partial<Label>,
): Promise<string> {
  const { data } = await github.rest.issues.createLabel({ owner, repo, ...label })
  return data.node_id
}
