// The server's program: reads the environment, starts Mayday, and stops it on SIGTERM.

import { readEnvironment, WrongEnvironment } from './config/env.ts'
import type { RunningServer } from './start.ts'

let running: RunningServer | undefined

// Files that Mayday writes are private to its user.
process.umask(0o077)

// Node would print the error with everything that it carries: statements, parameters, payloads.
process.on('uncaughtException', (error) => {
  if (!running) giveUp(error)
  running?.broke(error)
  process.exit(1)
})

let asked = false
const stop = (): void => {
  asked = true
  running?.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
// Heard from the beginning: one that comes during the start stops Mayday as soon as it has started.
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

try {
  const environment = readEnvironment(process.env)
  // Imported late, so that a wrong variable is reported at once.
  const { startMayday } = await import('./start.ts')
  running = await startMayday(environment, () => Date.now())
  if (asked) stop()
} catch (error) {
  giveUp(error)
}

/** One line for the operator, and the end. */
function giveUp(error: unknown): never {
  const message = error instanceof Error ? error.message : 'something that is no error was thrown'
  const [line] = message.split('\n')
  process.stderr.write(`${error instanceof WrongEnvironment ? line : `mayday cannot start: ${line}`}\n`)
  process.exit(1)
}
