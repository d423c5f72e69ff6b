// Schemas of GitHub's webhook payloads: the fields that Mayday reads.
import { z } from 'zod'

export const userSchema = z.object({ login: z.string(), type: z.string().optional() })
const time = z
  .string()
  .transform((text) => Date.parse(text))
  .refine((at) => !Number.isNaN(at), 'no time')
/** The largest is that of a Date. */
const seconds = z
  .int()
  .min(0)
  .max(8.64e12)
  .transform((number) => number * 1000)
const labelSchema = z.object({ name: z.string() })

export const repositorySchema = z.object({
  id: z.int(),
  name: z.string(),
  private: z.boolean(),
  default_branch: z.string().default('main'),
  archived: z.boolean().default(false),
  owner: userSchema,
})

export const issueSchema = z.object({
  number: z.int(),
  node_id: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state_reason: z.string().nullish(),
  html_url: z.string(),
  labels: z.array(labelSchema).default([]),
  assignees: z.array(userSchema).default([]),
  created_at: time,
  updated_at: time,
  closed_at: time.nullish(),
  pull_request: z.unknown().optional(),
})

export const pullSchema = z.object({
  number: z.int(),
  node_id: z.string(),
  title: z.string(),
  html_url: z.string(),
  user: userSchema.nullish(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: time.nullish(),
  merge_commit_sha: z.string().nullish(),
  closed_at: time.nullish(),
  created_at: time,
  updated_at: time,
  head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ id: z.int() }).nullish() }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.int() }) }),
})

const installationId = z.object({ id: z.int() })
export const commonPayload = z.object({
  action: z.string(),
  sender: userSchema,
  repository: repositorySchema,
  installation: installationId,
})
const from = z.object({ from: z.string().nullish() })

export const issuesPayload = commonPayload.extend({
  issue: issueSchema,
  label: labelSchema.optional(),
  assignee: userSchema.nullish(),
  changes: z
    .object({
      title: from.optional(),
      body: from.optional(),
      // Of a transfer: the first two where it left, the others where it came to.
      new_issue: issueSchema.nullish(),
      new_repository: repositorySchema.nullish(),
      old_issue: z.object({ number: z.number() }).nullish(),
      old_repository: z.object({ id: z.number() }).nullish(),
    })
    .optional(),
})
export const commentPayload = commonPayload.extend({
  issue: issueSchema,
  comment: z.object({
    id: z.int(),
    body: z.string().nullish(),
    html_url: z.string(),
    created_at: time,
    updated_at: time,
  }),
  changes: z.object({ body: from.optional() }).optional(),
})
export const pullPayload = commonPayload.extend({ pull_request: pullSchema, label: labelSchema.optional() })
export const reviewPayload = commonPayload.extend({
  pull_request: pullSchema.omit({ merged: true }),
  review: z.object({
    id: z.int(),
    state: z.string(),
    html_url: z.string(),
    submitted_at: time.nullish(),
    // Of a deleted account: null.
    user: userSchema.nullish(),
  }),
})
export const deploymentPayload = commonPayload.extend({
  deployment: z.object({ id: z.int(), sha: z.string(), environment: z.string() }),
  deployment_status: z.object({
    id: z.int(),
    state: z.string(),
    created_at: time,
    log_url: z.string().nullish(),
    target_url: z.string().nullish(),
    environment_url: z.string().nullish(),
  }),
})
const files = z.array(z.string()).default([])
export const pushPayload = z.object({
  ref: z.string(),
  repository: repositorySchema,
  installation: installationId,
  commits: z.array(z.object({ added: files, modified: files, removed: files })).default([]),
})
const option = z.object({ name: z.string() }).nullish()
export const cardPayload = z.object({
  action: z.string(),
  sender: userSchema,
  installation: installationId,
  projects_v2_item: z.object({ id: z.int(), content_node_id: z.string(), updated_at: time }),
  changes: z.object({
    field_value: z.object({ field_name: z.string().nullish(), to: z.union([option, z.string()]).nullish() }),
  }),
})
const listed = z.object({ id: z.int(), name: z.string(), full_name: z.string(), private: z.boolean() })
export const installationPayload = z.object({
  action: z.string(),
  installation: z.object({
    id: z.int(),
    account: userSchema.extend({ id: z.int() }),
    permissions: z.record(z.string(), z.string()),
    created_at: z.union([time, seconds]).optional(),
  }),
  repositories: z.array(listed).optional(),
  repositories_added: z.array(listed).optional(),
  repositories_removed: z.array(listed).optional(),
})
