// Writes the parts of the documents that the code knows best: `node docs/generate.ts`. A test holds that they are current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { commandsTable } from '../src/command/table/help.ts'
import { referenceTable, schemaText, severityTable } from '../src/config/describe.ts'
import { promisesTable } from './promises.ts'

const ROOT = new URL('..', import.meta.url)

const templateList = (): string =>
  readdirSync(new URL('templates', ROOT))
    .map((file) => `\`${file.replace('.md.hbs', '')}\``)
    .sort()
    .join(' ')

/** What stands between `<!-- generated: name -->` and `<!-- end -->`. */
const PARTS: { readonly [name: string]: () => string } = {
  commands: commandsTable,
  promises: promisesTable,
  severities: severityTable,
  reference: referenceTable,
  templates: templateList,
}

function withParts(path: string): string {
  const text = readFileSync(new URL(path, ROOT), 'utf8')
  return text.replaceAll(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_whole, begin: string, name: string, end: string) => {
      const part = PARTS[name]
      if (!part) throw new Error(`${path}: nothing generates ${name}`)
      return `${begin}\n${part()}\n\n${end}`
    },
  )
}

/** Each generated document as it should be, by its path. */
export function documents(): { path: string; text: string }[] {
  return [
    { path: 'README.md', text: withParts('README.md') },
    { path: 'docs/configuration.md', text: withParts('docs/configuration.md') },
    { path: 'docs/mayday.schema.json', text: schemaText() },
  ]
}

if (import.meta.main) for (const { path, text } of documents()) writeFileSync(new URL(path, ROOT), text)
