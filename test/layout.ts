// Checks the layout of `src` for `npm run check`: no folder is crowded, and no files import each other in a circle.
import { dirname } from 'node:path'
import { filesUnder, type Import, importsOf, read, resolved } from './imports.ts'

const MOST_FILES = 16
/** The state of an incident and its parts are types of each other, through this file alone. */
const NOUNS = 'src/incident/fold/nouns.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** The folders that hold more files than `most`. */
export function crowdedFolders(files: readonly string[], most = MOST_FILES): string[] {
  const folders = Map.groupBy(files, dirname)
  return [...folders].flatMap(([folder, { length }]) => (length > most ? [`${folder}: ${length} files`] : []))
}

/** The first circle through each file that is in one, as a path. */
export function circlesOf(graph: Graph): string[] {
  const found = [...graph.keys()].flatMap((start) => {
    const way = wayBack(graph, start)
    return way && start === way.toSorted()[0] ? [[...way, start].join(' → ')] : []
  })
  return [...new Set(found)]
}

/** The shortest way from a file back to itself; null where there is none. */
function wayBack(graph: Graph, start: string): string[] | null {
  const ways: string[][] = [[start]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const next of graph.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return way
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return null
}

function graphOf(files: readonly string[], counts: (path: string, found: Import) => boolean): Graph {
  return new Map(
    files.map((path) => {
      const own = importsOf(read(path)).filter(({ from }) => from.startsWith('.'))
      return [path, own.filter((found) => counts(path, found)).map(({ from }) => resolved(path, from))]
    }),
  )
}

/** What is wrong with the layout, a line each. */
function problems(): string[] {
  const files = filesUnder('src').filter((path) => path.endsWith('.ts'))
  const graph = graphOf(files, (path, { from, typesOnly }) => !typesOnly || resolved(path, from) !== NOUNS)
  return [
    ...crowdedFolders(files).map((folder) => `${folder}; at most ${MOST_FILES}`),
    ...circlesOf(graph).map((circle) => `a circle of imports: ${circle}`),
  ]
}

if (import.meta.main) {
  const found = problems()
  for (const problem of found) console.error(problem)
  process.exitCode = found.length > 0 ? 1 : 0
}
