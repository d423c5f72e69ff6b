// The command line: `npm run mayday -- <command>`.
import { parseArgs } from 'node:util'
import { backup, restore } from './cli/backup.ts'
import { checkConfig } from './cli/check-config.ts'
import { doctor } from './cli/doctor.ts'
import { exportIncident } from './cli/export-incident.ts'
import { purge } from './cli/purge.ts'
import { replay } from './cli/replay.ts'
import { type ExitCode, Stopped, type Terminal } from './cli/terminal.ts'
import { type EnvVariables, readEnvironment, WrongEnvironment } from './config/env.ts'

type CliCommand = {
  /** Behind `npm run mayday --`; what stands in angle brackets is the person's. */
  form: string
  does: string
  run(words: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode>
}

const COMMANDS: readonly CliCommand[] = [
  {
    form: 'doctor',
    does: 'whether credentials, webhook, permissions, boards, configurations and database are right',
    run: (_, terminal) => doctor(terminal),
  },
  {
    form: 'config check <file>',
    does: 'what is wrong with a configuration and with the templates beside it',
    run: ([file = ''], terminal) => checkConfig(file, terminal),
  },
  {
    form: 'replay <delivery>',
    does: "works on a webhook delivery again, from the store or from GitHub's log",
    run: ([name = ''], terminal) => replay(name, terminal),
  },
  {
    form: 'export <owner/name#number>',
    does: "everything that is stored of an incident's facts, as JSON lines",
    run: ([name = ''], terminal) => exportIncident(name, terminal),
  },
  {
    form: 'backup <file>',
    does: 'everything that is stored, into a new file; beside a running server only on PostgreSQL',
    run: ([file = ''], terminal) => backup(file, terminal),
  },
  {
    form: 'restore <file>',
    does: 'a backup into an empty database, embedded or PostgreSQL, wherever it was made',
    run: ([file = ''], terminal) => restore(file, terminal),
  },
  {
    form: 'purge <account>',
    does: "deletes everything that is stored of an account's installations, at once and for good",
    run: ([account = ''], terminal) => purge(account, terminal),
  },
]

const USAGE = `Usage: npm run mayday -- <command>

${COMMANDS.map(({ form, does }) => `  ${form.padEnd(29)}${does}`).join('\n')}

Ends with 0 where all is good, 1 where problems were found, 2 where the command was wrong.`

type CliContext = Pick<Terminal, 'out' | 'err'> & { variables: EnvVariables; now?: () => number }

/** Runs one command. Problems are lines on `err`, answers on `out`; rejects only where Mayday itself is broken. */
export async function run(
  given: readonly string[],
  { out, err, variables, now = Date.now }: CliContext,
): Promise<ExitCode> {
  const { words, help, strange } = parseWords(given)
  if (help || (words.length === 1 && words[0] === 'help')) {
    out(helpOn(words))
    return 0
  }
  const found = strange === undefined ? commandOf(words) : null
  if (!found) {
    if (given.length > 0) err(`${whatIsWrong(words, strange)}\n`)
    err(USAGE)
    return 2
  }
  const terminal = { out, err, now, environment: () => readEnvironment(variables) }
  try {
    return await found.command.run(found.words, terminal)
  } catch (error) {
    if (!(error instanceof Stopped || error instanceof WrongEnvironment)) throw error
    err(error.message)
    return 1
  }
}

/** `strange`: an option that there is not. */
function parseWords(given: readonly string[]): {
  words: string[]
  help: boolean
  strange: string | undefined
} {
  const options = { help: { type: 'boolean', short: 'h' } } as const
  const args = { args: [...given], options, allowPositionals: true, strict: false, tokens: true } as const
  const { positionals, values, tokens } = parseArgs(args)
  const strange = tokens.find((token) => token.kind === 'option' && token.name !== 'help')
  return {
    words: positionals,
    help: values.help === true,
    strange: strange?.kind === 'option' ? strange.rawName : undefined,
  }
}

/** The commands that begin as these words do. */
const commandsNamed = ([first]: readonly string[]): CliCommand[] =>
  COMMANDS.filter(({ form }) => form.split(' ')[0] === first)

/** All commands, or the one that is asked about. */
function helpOn(words: readonly string[]): string {
  const [command, other] = commandsNamed(words)
  return command && !other ? `Usage: npm run mayday -- ${command.form}\n\n  ${command.does}` : USAGE
}

function whatIsWrong(words: readonly string[], strange: string | undefined): string {
  if (strange !== undefined) return `There is no option ${strange}.`
  const [command] = commandsNamed(words)
  return command ? `Expected: npm run mayday -- ${command.form}` : `There is no command ${words[0] ?? ''}.`
}

/** The command whose form these words have, and the words that are the person's. */
function commandOf(words: readonly string[]): { command: CliCommand; words: string[] } | null {
  for (const command of COMMANDS) {
    const parts = command.form.split(' ')
    const fits = parts.every((part, index) => (part.startsWith('<') ? words[index] : part === words[index]))
    if (!fits || parts.length !== words.length) continue
    return { command, words: words.filter((_, index) => parts[index]?.startsWith('<')) }
  }
  return null
}

if (import.meta.main) {
  process.exitCode = await run(process.argv.slice(2), {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    variables: process.env,
  })
}
