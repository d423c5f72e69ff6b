// Runs a repository's templates in a thread with limits of time and memory, and replaces the thread when it breaks.
import { Worker } from 'node:worker_threads'
import type { TemplateProblem } from './check.ts'
import { pack, type View } from './view.ts'
import type { RenderJob, RenderResult } from './worker.ts'

type SandboxResult = { text: string | null; problems: TemplateProblem[] }
type RenderRequest = Omit<RenderJob, 'id'>
type WaitingRequest = { order: RenderRequest; resolve: (result: SandboxResult) => void }

/** One template may have the processor for so many milliseconds (measured: 77 ms to replace the thread, some ms for an
 * honest template). Where the machine is busy with other things that takes longer, up to `patience`. */
const THREAD_LIMITS = { milliseconds: 250, patience: 5_000, starting: 10_000, megabytes: 64 } as const
const SLOW = `It took longer than ${THREAD_LIMITS.milliseconds} ms.`

export type Sandbox = {
  /** Checks and renders; `text` is null where the template has an error or broke a limit. Never rejects. */
  render(template: string, source: string, view: View): Promise<SandboxResult>
  /** Checks only; unknown fields of `sample` are warnings. */
  check(template: string, source: string, sample?: View): Promise<TemplateProblem[]>
  close(): Promise<void>
}

/** Nothing is started before the first template. Jobs run one after the other. */
export function createSandbox(): Sandbox {
  const runner = new Runner()
  return {
    render: (template, source, view) => runner.run({ template, source, view: pack(view), render: true }),
    check: async (template, source, sample) => {
      return (await runner.run({ template, source, view: pack(sample), render: false })).problems
    },
    close: () => runner.close(),
  }
}

class Runner {
  readonly #waiting: WaitingRequest[] = []
  #worker: Worker | undefined
  #ready = false
  #current: (WaitingRequest & { id: number }) | undefined
  #timer: NodeJS.Timeout | undefined
  #lastId = 0

  run(order: RenderRequest): Promise<SandboxResult> {
    return new Promise((resolve) => {
      this.#waiting.push({ order, resolve })
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#stop('The server is stopping.')
    for (const { order, resolve } of this.#waiting.splice(0))
      resolve(failed(order, 'The server is stopping.'))
  }

  #next(): void {
    if (this.#current || this.#waiting.length === 0) return
    if (!this.#worker) return this.#start()
    if (!this.#ready) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#lastId += 1
    this.#current = { ...next, id: this.#lastId }
    this.#watch(this.#worker, this.#lastId)
    this.#worker.postMessage({ ...next.order, id: this.#lastId } satisfies RenderJob)
  }

  #watch(worker: Worker, id: number): void {
    const until = performance.now() + THREAD_LIMITS.patience
    // A thread that ends meanwhile rejects, and nobody may be waiting for that.
    const before = worker.cpuUsage().catch(() => null)
    const look = async (): Promise<void> => {
      this.#limit(THREAD_LIMITS.patience, () => this.#stop(SLOW))
      const used = await before.then((usage) => usage && worker.cpuUsage(usage)).catch(() => null)
      // The job was answered meanwhile.
      if (this.#current?.id !== id) return
      const left = used ? THREAD_LIMITS.milliseconds - (used.user + used.system) / 1_000 : 0
      if (left <= 0 || performance.now() > until) this.#stop(SLOW)
      else this.#limit(left, look)
    }
    this.#limit(THREAD_LIMITS.milliseconds, look)
  }

  /** The time to start is not the template's, so its limit begins when the thread says that it is ready. */
  #start(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      env: {},
      argv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: THREAD_LIMITS.megabytes,
        maxYoungGenerationSizeMb: 16,
        stackSizeMb: 2,
      },
    })
    worker.unref()
    this.#worker = worker
    this.#ready = false
    this.#limit(THREAD_LIMITS.starting, () => this.#stop('The thread for templates does not start.'))
    worker.on('message', (message: 'ready' | RenderResult) => this.#hear(worker, message))
    worker.on('error', () => this.#fail(worker))
    worker.on('exit', () => this.#fail(worker))
  }

  #hear(worker: Worker, message: 'ready' | RenderResult): void {
    if (worker !== this.#worker) return
    clearTimeout(this.#timer)
    if (message === 'ready') this.#ready = true
    else if (message.id === this.#current?.id) {
      this.#current.resolve({ text: message.text, problems: message.problems })
      this.#current = undefined
    }
    this.#next()
  }

  #fail(worker: Worker): void {
    if (worker === this.#worker) this.#stop(`It took more than ${THREAD_LIMITS.megabytes} MB of memory.`)
  }

  #limit(milliseconds: number, then: () => unknown): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, milliseconds)
  }

  /** Ends the thread and answers its job; the next job starts a new one. */
  #stop(reason: string): void {
    clearTimeout(this.#timer)
    const worker = this.#worker
    const current = this.#current ?? (this.#ready ? undefined : this.#waiting.shift())
    this.#worker = undefined
    this.#ready = false
    this.#current = undefined
    void worker?.terminate()
    current?.resolve(failed(current.order, reason))
    this.#next()
  }
}

function failed({ template }: RenderRequest, message: string): SandboxResult {
  return { text: null, problems: [{ template, line: 1, column: 1, level: 'error', message }] }
}
