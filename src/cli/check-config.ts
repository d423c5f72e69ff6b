// `config check`: what is wrong with a configuration and the templates next to it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parsePolicy } from '../config/policy.ts'
import { checkTemplate } from '../templates/templates.ts'
import type { ExitCode, Terminal } from './terminal.ts'

const BUILT_IN = new URL('../../templates/', import.meta.url).pathname
const EXTENSION = '.md.hbs'

/** Prints `file:line:column: error or warning: sentence` for each problem; warnings alone are no failure. */
export function checkConfig(file: string, terminal: Terminal): ExitCode {
  const text = readIfThere(file)
  if (text === null) {
    const why = existsSync(file) ? 'it is no file, or not yours to read' : 'there is no such file'
    terminal.err(`${file} cannot be read: ${why}.`)
    return 2
  }
  const { problems, warnings } = parsePolicy(text, file)
  for (const { source, line, column, message } of problems)
    terminal.err(`${source}:${line}:${column}: error: ${message}`)
  for (const { source, line, column, message } of warnings)
    terminal.err(`${source}:${line}:${column}: warning: ${message}`)
  if (/^_extends\s*:/m.test(text))
    terminal.err(`${file}: note: what \`_extends\` names is not read here; Mayday reads it at work.`)
  const broken = checkTemplates(join(dirname(file), 'mayday'), terminal)
  if (problems.length > 0 || broken > 0) return 1
  terminal.out(`${file} is good.`)
  return 0
}

/** Checks a repository's own templates in a folder; returns how many errors there are. Fields are not checked: what a
 * text is filled with is known only at work. */
function checkTemplates(folder: string, terminal: Terminal): number {
  const known = templatesIn(BUILT_IN)
  let errors = 0
  for (const name of templatesIn(folder)) {
    const path = join(folder, `${name}${EXTENSION}`)
    if (!known.includes(name)) {
      errors += 1
      terminal.err(`${path}: error: there is no text ${name}; there are ${known.join(' ')}.`)
      continue
    }
    for (const { line, column, level, message } of checkTemplate(name, readFileSync(path, 'utf8'))) {
      if (level === 'error') errors += 1
      terminal.err(`${path}:${line}:${column}: ${level}: ${message}`)
    }
  }
  return errors
}

/** The names of the templates in a folder, sorted; none where there is no such folder. */
function templatesIn(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.flatMap((file) => (file.endsWith(EXTENSION) ? basename(file, EXTENSION) : [])).sort()
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
