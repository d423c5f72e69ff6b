// The thread that runs templates from repositories; it may be stopped at any moment.
import { parentPort } from 'node:worker_threads'
import { checkTemplate, type TemplateProblem } from './check.ts'
import { compile, type PackedView, type Renderer, unpack, type View } from './view.ts'

/** With `render: false` the template is only checked, and `view` is its sample. */
export type RenderJob = { id: number; template: string; source: string; view: PackedView; render: boolean }
export type RenderResult = { id: number; text: string | null; problems: TemplateProblem[] }

/** GitHub takes 65,536 characters in a comment; the rest is room for our own mark. */
const MOST_CHARACTERS = 64_000
const MOST_COMPILED = 50

const compiled = new Map<string, Renderer>()

function work({ id, template, source, view, render }: RenderJob): RenderResult {
  const fields = asView(unpack(view))
  const problems = checkTemplate(template, source, fields)
  if (!render || problems.some(({ level }) => level === 'error')) return { id, text: null, problems }
  try {
    const text = rendererOf(source)(fields)
    if (text.length <= MOST_CHARACTERS) return { id, text, problems }
    return failure(
      id,
      template,
      `It makes ${text.length} characters; at most ${MOST_CHARACTERS} are written.`,
    )
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 200) : 'unknown'
    return failure(id, template, `It cannot be rendered: ${reason}.`)
  }
}

function failure(id: number, template: string, message: string): RenderResult {
  return { id, text: null, problems: [{ template, line: 1, column: 1, level: 'error', message }] }
}

function rendererOf(source: string): Renderer {
  const known = compiled.get(source)
  if (known) return known
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  const renderer = compile(source)
  compiled.set(source, renderer)
  return renderer
}

function asView(value: ReturnType<typeof unpack>): View {
  return isView(value) ? value : {}
}

function isView(value: ReturnType<typeof unpack>): value is View {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

parentPort?.on('message', (job: RenderJob) => parentPort?.postMessage(work(job)))
parentPort?.postMessage('ready')
