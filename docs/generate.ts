// Writes the parts of the documents that the code knows best: `npm run docs`. A test holds that they are current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { commandsTable } from '../src/command/table/help.ts'
import { referenceTable, schemaText, severityTable } from '../src/config/describe.ts'
import { clocksTable, nounsTable } from './nouns.ts'
import { promisesTable } from './promises.ts'

const ROOT = new URL('..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const templateList = (): string =>
  readdirSync(new URL('templates', ROOT))
    .map((file) => `\`${file.replace('.md.hbs', '')}\``)
    .sort()
    .join(' ')

/** `.env.example` names each variable with its meaning and its default. */
function variablesTable(): string {
  const named = [...read('.env.example').matchAll(/^# (.*)\n#([A-Z_]+)=(.*)$/gm)]
  const rows = named.map(
    ([, means, name, given]) => `| \`${name}\` | ${given ? `\`${given}\`` : 'none'} | ${means} |`,
  )
  return ['| variable | default | what it is |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The state diagram as its test prints it. */
function matrixTable(): string {
  const printed = /toMatchInlineSnapshot\(`\s*"([\s\S]*?)"\s*`\)/.exec(
    read('test/incident/matrix.test.ts'),
  )?.[1]
  if (!printed) throw new Error('test/incident/matrix.test.ts has no snapshot')
  const [statuses = [], ...facts] = printed
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [row(statuses), row(statuses.map(() => '---')), ...facts.map(row)].join('\n')
}

/** What stands between `<!-- generated: name -->` and `<!-- end -->`. */
const PARTS: { readonly [name: string]: () => string } = {
  clocks: clocksTable,
  commands: commandsTable,
  matrix: matrixTable,
  nouns: nounsTable,
  promises: promisesTable,
  severities: severityTable,
  reference: referenceTable,
  templates: templateList,
  variables: variablesTable,
}

function withParts(path: string): string {
  return read(path).replaceAll(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_whole, begin: string, name: string, end: string) => {
      const part = PARTS[name]
      if (!part) throw new Error(`${path}: nothing generates ${name}`)
      return `${begin}\n${part()}\n\n${end}`
    },
  )
}

const WITH_PARTS = ['architecture', 'commands', 'configuration', 'promises', 'running', 'transitions']

/** Each generated document as it should be, by its path. */
export function documents(): { path: string; text: string }[] {
  return [
    ...WITH_PARTS.map((name) => ({ path: `docs/${name}.md`, text: withParts(`docs/${name}.md`) })),
    { path: 'docs/mayday.schema.json', text: schemaText() },
  ]
}

if (import.meta.main) for (const { path, text } of documents()) writeFileSync(new URL(path, ROOT), text)
