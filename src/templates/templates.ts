// Renders the templates of `templates/`, or a repository's own in their place.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkTemplate, type TemplateProblem } from './check.ts'
import { createSandbox } from './sandbox.ts'
import { compile, type View } from './view.ts'

export { checkTemplate } from './check.ts'
export type { View, ViewValue } from './view.ts'

const EXTENSION = '.md.hbs'

export type Templates = {
  /** Without their extension, sorted. */
  names: readonly string[]
  /** The built-in text. @throws TypeError for a name that there is none of. */
  source(name: string): string
  /** The built-in template, filled. @throws TypeError for a name that there is none of. */
  render(name: string, view: View): string
  /** Renders a repository's text in place of the built-in one, within limits of time, memory and length. If it cannot be used,
   * renders the built-in one; `problems` say why. Unknown fields are warnings and show as nothing. For a repository's own
   * templates, a later work: until then only tests call this. */
  renderOwn(name: string, source: string, view: View): Promise<{ text: string; problems: TemplateProblem[] }>
  /** What is wrong with a repository's text, found within the same limits. */
  check(name: string, source: string, sample?: View): Promise<TemplateProblem[]>
  close(): Promise<void>
}

/** Reads and compiles every `*.md.hbs` of a folder.
 * @throws Error that names each template that uses more than templates may. */
export function loadTemplates(directory: string): Templates {
  const files = readdirSync(directory).filter((file) => file.endsWith(EXTENSION))
  const builtIn = new Map(
    files.sort().map((file) => [file.slice(0, -EXTENSION.length), loadTemplate(directory, file)] as const),
  )
  const sandbox = createSandbox()
  const find = (name: string) => {
    const template = builtIn.get(name)
    if (!template) throw new TypeError(`there is no template ${name}`)
    return template
  }
  return {
    names: [...builtIn.keys()],
    source: (name) => find(name).source,
    render: (name, view) => find(name).render(view),
    renderOwn: async (name, source, view) => {
      const { render } = find(name)
      const { text, problems } = await sandbox.render(name, source, view)
      return { text: text ?? render(view), problems }
    },
    check: sandbox.check,
    close: sandbox.close,
  }
}

function loadTemplate(directory: string, file: string) {
  const source = readFileSync(join(directory, file), 'utf8')
  const errors = checkTemplate(file, source).filter(({ level }) => level === 'error')
  if (errors.length > 0) {
    throw new Error(
      errors.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'),
    )
  }
  return { source, render: compile(source) }
}
