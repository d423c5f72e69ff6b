// The GitHub client of the command line.
import type { Environment } from '../config/env.ts'
import { createGitHub, type GitHub } from '../github/client/client.ts'
import { SILENT } from '../log.ts'

/** Commands read; the allowance that processes share for writing is left alone. */
export function appOf({ settings, credentials }: Extract<Environment, { mode: 'serve' }>): GitHub {
  return createGitHub({
    appId: credentials.appId,
    privateKey: credentials.privateKey,
    baseUrl: settings.github.baseUrl,
    userAgent: 'mayday',
    takeToken: async () => ({ ok: true }),
    now: Date.now,
    log: SILENT,
  })
}
