// Starts everything: environment → adapters → bot → server and workers; drains on SIGTERM.

import { readEnvironment, WrongEnvironment } from './config/env.ts'

try {
  const environment = readEnvironment(process.env)
  // Only now: a wrong variable is told at once, without loading the house first.
  const { startMayday } = await import('./start.ts')
  const running = await startMayday(environment, () => Date.now())
  const stop = (): void => {
    running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  if (!(error instanceof Error)) throw error
  process.stderr.write(
    `${error instanceof WrongEnvironment ? error.message : `mayday cannot start: ${error.message}`}\n`,
  )
  process.exit(1)
}
