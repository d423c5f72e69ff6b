// Starts everything: environment → adapters → bot → server and workers; drains on SIGTERM.

import { readEnvironment, WrongEnvironment } from './config/env.ts'
import { startMayday } from './start.ts'

try {
  const environment = readEnvironment(process.env)
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
