// The environment by which a program meets the sandbox as its GitHub.
import { SECRET } from './harness.ts'
import type { Sandbox } from './sandbox.ts'

export const environmentFor = (sandbox: Sandbox): Record<string, string> => ({
  APP_ID: String(sandbox.app.id),
  PRIVATE_KEY: sandbox.app.privateKey,
  WEBHOOK_SECRET: SECRET,
  GHE_HOST: sandbox.host,
  GHE_PROTOCOL: 'http',
})
