// Reads a CODEOWNERS file: who owns a path
// (https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
import type { InstallationClient, RepositoryTarget } from '../client/client.ts'
import { readFile } from './contents.ts'

/** The first of them that is there counts. */
export const CODE_OWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

/** `@login` and `@organization/team` for everything that `pattern` matches; e-mail addresses are left out. */
export type CodeOwners = readonly { pattern: RegExp; owners: readonly string[] }[]

/** A repository without the file has no owners. */
export async function readCodeOwners(github: InstallationClient, at: RepositoryTarget): Promise<CodeOwners> {
  for (const path of CODE_OWNERS_PATHS) {
    const file = await readFile(github, at, { path })
    if (file.kind === 'found') return parseCodeOwners(file.text)
  }
  return []
}

export function parseCodeOwners(text: string): CodeOwners {
  return text.split('\n').flatMap((line) => {
    const [pattern, ...owners] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/(?<!\\)\s+/)
    if (!pattern) return []
    return [{ pattern: matcher(pattern), owners: owners.filter((owner) => owner.startsWith('@')) }]
  })
}

/** Of several lines that match, the last one says it all. */
export const ownersOf = (rules: CodeOwners, path: string): readonly string[] =>
  rules.findLast(({ pattern }) => pattern.test(path))?.owners ?? []

/** The owners of what a glob such as `services/api/**` covers: those of a file that it would match. */
export function ownersOfGlob(rules: CodeOwners, glob: string): readonly string[] {
  const path = glob
    .replace(/^\//, '')
    .replaceAll('**/', '')
    .replaceAll(/\*+|\?/g, 'x')
  return ownersOf(rules, path.endsWith('/') ? `${path}x` : path)
}

/** The rules are those of `.gitignore`: a slash at the beginning or inside ties a pattern to the top, a folder covers what
 * is under it, and `dir/*` covers its files alone. */
function matcher(pattern: string): RegExp {
  const isTied = /\/(?!$)/.test(pattern)
  const bare = pattern.replace(/^\//, '').replaceAll('\\', '')
  const body = bare
    .replace(/\/$/, '')
    .split(/(\*\*\/|\/\*\*$|\*|\?)/)
    .map((piece) => WILD[piece] ?? piece.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('')
  const below = bare.endsWith('/*') ? '' : bare.endsWith('/') ? '/.*' : '(?:/.*)?'
  return new RegExp(`^${isTied ? '' : '(?:.*/)?'}${body}${below}$`)
}

const WILD: { readonly [piece: string]: string } = {
  '**/': '(?:.*/)?',
  '/**': '/.*',
  '*': '[^/]*',
  '?': '[^/]',
}
