// Reads app.yml: the app's events and permissions, as GitHub's manifest has them.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const manifestSchema = z.object({
  name: z.string(),
  description: z.string(),
  public: z.boolean(),
  default_events: z.array(z.string()),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
})

export type Manifest = z.infer<typeof manifestSchema>

/** What app.yml asks for, in the words of GitHub's manifest. */
export function readManifest(): Manifest {
  return manifestSchema.parse(parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')))
}
