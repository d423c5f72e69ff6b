// Attaches sub-issues, where this GitHub has them.
import type { InstallationClient, IssueTarget } from '../client/client.ts'
import { isNotOffered } from '../client/errors.ts'
import { type Issue, toIssue } from './issues.ts'

/**
 * Makes an issue (by its database id, not its number) a sub-issue. False where GitHub does not offer that, or the issue
 * cannot be one: another owner, another parent, or the parent is full (100). The caller then links it in text.
 */
export async function attachSubIssue(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
  id: number,
): Promise<boolean> {
  try {
    await github.rest.issues.addSubIssue({ owner, repo, issue_number: number, sub_issue_id: id })
    return true
  } catch (error) {
    if (!isNotOffered(error)) throw error
    // What is attached already is refused as well.
    const children = error.kind === 'invalid' ? await listSubIssues(github, { owner, repo, number }) : null
    return children?.offered === true && children.issues.some((child) => child.id === id)
  }
}

/** The sub-issues of an issue, in their order there. */
export async function listSubIssues(
  github: InstallationClient,
  { owner, repo, number }: IssueTarget,
): Promise<{ offered: true; issues: Issue[] } | { offered: false; why: string }> {
  try {
    const issues = await github.rest.paginate(github.rest.issues.listSubIssues, {
      owner,
      repo,
      issue_number: number,
      per_page: 100,
    })
    return { offered: true, issues: issues.map(toIssue) }
  } catch (error) {
    if (isNotOffered(error)) return { offered: false, why: error.message }
    throw error
  }
}
