// What Actions knows of a repository: the workflow files of its default branch, and their inputs.
import { parse } from 'yaml'
import { newId, nodeId } from './world/rules.ts'
import type { Repository, Workflow, WorkflowInput, World } from './world/world.ts'

/** Reads `.github/workflows/*.yml`; a workflow keeps its id while its file is there. */
export function readWorkflows(world: World, repository: Repository): void {
  const head = repository.branches.get(repository.defaultBranch)
  const files = repository.commits.get(head ?? '')?.files ?? new Map<string, string>()
  const workflows: Workflow[] = []
  for (const [path, text] of files) {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) continue
    const known = repository.workflows.find((workflow) => workflow.path === path)
    const read = readWorkflow(text)
    if (known !== undefined) workflows.push(Object.assign(known, read))
    else {
      const id = newId(world)
      workflows.push({
        id,
        nodeId: nodeId('W', id),
        repository,
        path,
        createdAt: world.now(),
        ...read,
      })
    }
  }
  repository.workflows = workflows
}

function readWorkflow(text: string): { name: string; inputs: Workflow['inputs'] } {
  const file = record(readYaml(text))
  const name = typeof file.name === 'string' ? file.name : 'workflow'
  const on = file.on
  const dispatches =
    on === 'workflow_dispatch' ||
    (Array.isArray(on) && on.includes('workflow_dispatch')) ||
    'workflow_dispatch' in record(on)
  if (!dispatches) return { name, inputs: null }
  const inputs = Object.entries(record(record(record(on).workflow_dispatch).inputs))
  return { name, inputs: new Map(inputs.map(([key, input]) => [key, readInput(record(input))])) }
}

function readInput(input: Record<string, unknown>): WorkflowInput {
  const given = input.default
  return {
    required: input.required === true,
    default: given === undefined || given === null ? null : String(given),
    type: typeof input.type === 'string' ? input.type : 'string',
    options: Array.isArray(input.options) ? input.options.map(String) : null,
  }
}

function readYaml(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return null
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
