// `doctor`: checks everything that Mayday needs, and says what to do about what is wrong.
import { type Environment, WrongEnvironment } from '../config/env.ts'
import { Limited, Unreachable } from '../github/client/errors.ts'
import { appOf } from './app.ts'
import { checkAccounts } from './doctor-accounts.ts'
import { checkApp } from './doctor-app.ts'
import { checkStored } from './doctor-stored.ts'
import { type Finding, good, lineOf, unchecked, wrong } from './finding.ts'
import type { ExitCode, Terminal } from './terminal.ts'

/** One line per check on `out`, those that are wrong on `err`; 1 where any is. Changes nothing anywhere. */
export async function doctor(terminal: Terminal): Promise<ExitCode> {
  let isWell = true
  for await (const finding of findings(terminal)) {
    if (finding.is === 'wrong') isWell = false
    terminal[finding.is === 'wrong' ? 'err' : 'out'](lineOf(finding))
  }
  return isWell ? 0 : 1
}

async function* findings(terminal: Terminal): AsyncGenerator<Finding> {
  let environment: Environment
  try {
    environment = terminal.environment()
  } catch (error) {
    if (!(error instanceof WrongEnvironment)) throw error
    yield wrong(`environment: ${error.message}`, 'correct this variable')
    return
  }
  yield good(environmentInWords(environment))
  yield* checkStored(environment.settings)
  if (environment.mode === 'setup') {
    const { dataDir, port } = environment.settings
    yield wrong(
      `credentials: none in the environment or in ${dataDir}`,
      `run npm start and open http://localhost:${port} to register the app`,
    )
    return
  }
  const { settings, credentials } = environment
  const github = appOf(environment)
  try {
    const app = yield* checkApp(github.app(), { settings, appId: credentials.appId, now: terminal.now() })
    if (app) yield* checkAccounts(github, { app, settings })
    else yield unchecked('installations: not checked, as GitHub did not answer the app')
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof Limited)) throw error
    yield wrong(
      `GitHub: ${error.message}; what comes after this is not checked`,
      'run the doctor again later',
    )
  }
}

function environmentInWords({ settings }: Environment): string {
  const { channelsFile, alertTokens } = settings
  const more = [
    channelsFile && `channels in ${channelsFile} can be read`,
    alertTokens.length > 0 &&
      `alert tokens for ${alertTokens.map(({ source, account }) => `${source}:${account}`).join(', ')}`,
  ].filter(Boolean)
  return ['environment: all variables are well formed', ...more].join('; ')
}
