// The command line beside the server: checks a configuration, exports an incident's audit trail.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { readEnvironment, type Variables, WrongEnvironment } from './config/env.ts'
import { parsePolicy } from './config/policy.ts'
import { type Database, openDatabase } from './database/database.ts'
import { createStore } from './store.ts'
import { checkTemplate } from './templates.ts'

const USAGE = `Usage: npm run mayday -- <command>

  config check <file>          what is wrong with a configuration and with the templates beside it
  export <owner/name#number>   everything that is stored of an incident's facts, as JSON lines

Ends with 0 where all is good, 1 where problems were found, 2 where the command was wrong.`

const BUILT_IN = new URL('../templates/', import.meta.url).pathname
const EXTENSION = '.md.hbs'

/** What a command works with. Each call of `out` and `err` is one line. */
export type Terminal = { out(line: string): void; err(line: string): void; variables: Variables }

export type ExitCode = 0 | 1 | 2

/** Runs one command. Problems are lines on `err`, answers on `out`; rejects only where Mayday itself is broken. */
export async function run(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const words = wordsOf(given)
  const [command, ...rest] = words ?? []
  if (words && given.some((word) => word === '--help' || word === '-h')) {
    terminal.out(USAGE)
    return 0
  }
  const [first, second, ...more] = rest
  if (command === 'config' && first === 'check' && second && more.length === 0)
    return checkConfig(second, terminal)
  if (command === 'export' && first && rest.length === 1) return exportIncident(first, terminal)
  terminal.err(USAGE)
  return 2
}

function wordsOf(given: readonly string[]): string[] | null {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const
    return parseArgs({ args: [...given], options, allowPositionals: true }).positionals
  } catch {
    return null
  }
}

/** Prints `file:line:column: error or warning: sentence` for each problem; warnings alone are no failure. */
function checkConfig(file: string, terminal: Terminal): ExitCode {
  const text = readIfThere(file)
  if (text === null) {
    terminal.err(`${file} cannot be read.`)
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

/** Prints each stored fact as one line of JSON, in the order in which it was stored; times are milliseconds. */
async function exportIncident(name: string, terminal: Terminal): Promise<ExitCode> {
  const [, owner, repository, number] = /^([\w-]+)\/([\w.-]+)#(\d{1,9})$/.exec(name) ?? []
  if (!owner || !repository || !number) {
    terminal.err(`${name} is no incident: expected its issue, such as acme/web#42.`)
    return 2
  }
  const database = await openStored(terminal)
  if (!database) return 1
  try {
    const [row] = await database.query<{ id: number }>(
      `select incidents.id from mayday.incidents join mayday.repositories on repositories.id = incidents.repository_id
       where lower(repositories.owner) = lower($1) and lower(repositories.name) = lower($2) and incidents.number = $3`,
      [owner, repository, Number(number)],
    )
    if (!row) {
      terminal.err(`There is no incident ${name}.`)
      return 1
    }
    for (const event of await createStore(database).events(Number(row.id)))
      terminal.out(JSON.stringify(event))
    return 0
  } finally {
    await database.close()
  }
}

/** The database that the environment names, if there is one to read; a running server holds the embedded one. */
async function openStored(terminal: Terminal): Promise<Database | null> {
  const silent = (): void => {}
  try {
    const { databaseUrl, dataDir } = readEnvironment(terminal.variables).settings
    if (!databaseUrl && !existsSync(join(dataDir, 'pglite'))) {
      terminal.err(`Nothing is stored in ${dataDir} (DATA_DIR), and DATABASE_URL is not given.`)
      return null
    }
    return await openDatabase({ databaseUrl, dataDir, log: { info: silent, warn: silent, error: silent } })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    terminal.err(error instanceof WrongEnvironment ? error.message : `Cannot read: ${error.message}`)
    return null
  }
}

if (import.meta.main) {
  process.exitCode = await run(process.argv.slice(2), {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    variables: process.env,
  })
}
