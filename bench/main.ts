// `npm run bench`: what Mayday promises about speed and frugality, measured in one run on this machine. It ends with 1
// where a bar is missed. `-- door incidents` measures these alone, `-- sustained --long` for ten minutes instead of one;
// `-- --write` writes what was measured to docs/benchmarks.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { measureDoor } from './door.ts'
import { measureCommands, measureDeclaring, measureEdits } from './incident.ts'
import { machine } from './machine.ts'
import { measureParsing } from './parse.ts'
import { serverVersion, withDatabase } from './postgres.ts'
import { measureProcesses } from './processes.ts'
import { isKept, markdownOf, shortTable, type Theme } from './report.ts'
import { measureResources } from './resources.ts'
import { measureRush } from './rush.ts'
import { openStand } from './stand.ts'
import { measureSustained } from './sustained.ts'
import { measureTimers } from './timers.ts'

const SECTIONS: { readonly [name: string]: () => AsyncGenerator<Theme> } = {
  async *commands() {
    yield measureParsing()
  },
  async *resources() {
    yield await measureResources()
  },
  async *incidents() {
    const stand = await openStand(undefined)
    try {
      yield* await measureDeclaring(stand)
      yield await measureCommands(stand)
      yield await measureEdits(stand)
    } finally {
      await stand.stop()
    }
  },
  timers: measureTimers,
  async *door() {
    yield await measureDoor()
    if (serverVersion !== undefined) yield await withDatabase((url) => measureDoor(url))
  },
  async *sustained() {
    yield await measureSustained()
    if (serverVersion !== undefined) yield await withDatabase((url) => measureSustained(url))
  },
  async *rush() {
    yield await measureRush()
    if (serverVersion !== undefined) yield await withDatabase((url) => measureRush(url))
  },
  async *processes() {
    if (serverVersion !== undefined) yield* measureProcesses()
  },
}

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const unknown = wanted.filter((name) => !(name in SECTIONS))
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}; there are: ${Object.keys(SECTIONS).join(', ')}\n`)
  process.exit(2)
}

const where = await machine(serverVersion)
const themes: Theme[] = []
const say = (text: string): boolean => process.stdout.write(`${text}\n\n`)
say(where)
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for await (const theme of measure()) {
    themes.push(theme)
    say(markdownOf(theme))
  }
}
if (process.argv.includes('--write')) {
  put(
    'docs/benchmarks.md',
    [`Measured on ${where}.`, shortTable(themes), ...themes.map(markdownOf)].join('\n\n'),
  )
}
if (!themes.flatMap(({ figures }) => figures).every(isKept)) process.exitCode = 1

/** Between the marks of a document. */
function put(path: string, text: string): void {
  const file = new URL(`../${path}`, import.meta.url)
  const whole = readFileSync(file, 'utf8')
  const marks = /(<!-- measured: bench -->\n)[\s\S]*?(<!-- end -->)/
  writeFileSync(
    file,
    whole.replace(marks, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`),
  )
}
