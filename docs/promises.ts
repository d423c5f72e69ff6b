// The table of promises: each file that proves some opens with a line for each, `// P6: <what is promised>.`
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const ROOT = new URL('..', import.meta.url)
const PROOFS = ['test/promises', 'test/soak', 'bench', '.github/workflows']

type Promised = { number: number; sentence: string; proof: string }

/** Rows in the order of the numbers. Throws where two files promise the same. */
export function promisesTable(): string {
  const promises = PROOFS.flatMap(filesIn).flatMap(promisesOf)
  promises.sort((one, other) => one.number - other.number)
  const twice = promises.find(({ number }, index) => promises[index - 1]?.number === number)
  if (twice) throw new Error(`P${twice.number} is promised by two files`)
  const rows = promises.map(({ number, sentence, proof }) => `| P${number} | ${sentence} | ${proof} |`)
  return ['| | What Mayday promises | What proves it |', '| --- | --- | --- |', ...rows].join('\n')
}

function filesIn(folder: string): string[] {
  if (!existsSync(new URL(folder, ROOT))) return []
  return readdirSync(new URL(folder, ROOT))
    .filter((file) => /\.(ts|yml)$/.test(file))
    .map((file) => `${folder}/${file}`)
}

function promisesOf(path: string): Promised[] {
  const text = readFileSync(new URL(path, ROOT), 'utf8')
  const lines = text.split('\n').map((line) => /^(?:\/\/|#) P(\d+): (.+)$/.exec(line))
  const end = lines.indexOf(null)
  return lines.slice(0, end).flatMap((line) => {
    const [, number, sentence = ''] = line ?? []
    return { number: Number(number), sentence, proof: proofOf(path, text) }
  })
}

/** Beside the suite's command stands that of the long form, where the file has one. */
function proofOf(path: string, text: string): string {
  const short = path.replace(/\.test\.ts$/, '')
  const soak = `\`npm run soak -- ${/\/(p\d+)[^/]*$/.exec(path)?.[1] ?? short}\``
  if (path.startsWith('test/promises/')) {
    const suite = `\`npm test -- ${short}\``
    return /from '\.\/size\.ts'/.test(text) ? `${suite}, ${soak}` : suite
  }
  if (path.startsWith('test/soak/')) return soak
  if (path.startsWith('bench/')) return '`npm run bench`'
  return `[${path}](${path})`
}
