// Reads many objects by their node ids.
import type { InstallationClient } from './client.ts'

/** GitHub's limit of nodes in one document. */
const AT_ONCE = 100

/** Runs `document`, which asks for `nodes(ids: $ids)`, for a hundred ids at a time. Resolves to the nodes in the order of the
 * ids; null for one that does not exist. */
export async function readNodes<Node>(
  github: InstallationClient,
  document: string,
  { ids, ...more }: { ids: readonly string[]; [name: string]: unknown },
): Promise<(Node | null)[]> {
  const found: (Node | null)[] = []
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const answer = await github.graphql<{ nodes: (Node | null)[] }>(document, {
      ...more,
      ids: ids.slice(first, first + AT_ONCE),
    })
    found.push(...answer.nodes)
  }
  return found
}
