// Reads which files the project has and what each of them imports.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = new URL('..', import.meta.url).pathname

export type Import = { from: string; typesOnly: boolean }

/** The imports of a source text; `typesOnly`: Node never loads it. */
export function importsOf(source: string): Import[] {
  const statements = source.matchAll(
    /^(?:import|export)(?<what>[^;'"`]*?)\sfrom\s*'(?<from>[^']+)'|^import\s*'(?<alone>[^']+)'|\bimport\(\s*'(?<late>[^']+)'/gm,
  )
  return [...statements].map(({ groups = {} }) => {
    const names = /^\s*\{([^}]*)\}$/.exec(groups.what ?? '')?.[1]?.split(',') ?? []
    const eachIsType = names.length > 0 && names.every((name) => /^\s*(type\s|$)/.test(name))
    return {
      from: groups.from ?? groups.alone ?? groups.late ?? '',
      typesOnly: /^\s*type\s/.test(groups.what ?? '') || eachIsType,
    }
  })
}

const NOT_OURS = ['node_modules', '.git', 'data', 'coverage']

/** The paths of all files below a folder, relative to the project. */
export function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : filesUnder(path)
    return [path]
  })
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The path of the project's file that an import of `path` means. */
export const resolved = (path: string, from: string): string =>
  relative(ROOT, join(ROOT, dirname(path), from))
