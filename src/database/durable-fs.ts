// PGlite's file system on disk, with the fsync that PGlite leaves out.
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

type Options = Parameters<NodeFS['init']>[1]
type Stream = { nfd: number; path?: string }
type StreamWrite = (stream: Stream, ...rest: unknown[]) => number
type Module = { NODEFS?: { stream_ops: { write: StreamWrite; fsync?: (stream: Stream) => number } } }

/**
 * NodeFS has no `fsync`, which makes every commit volatile until the kernel writes back by itself: a power cut then
 * loses acknowledged work (https://github.com/electric-sql/pglite/issues/1107). It reaches into a private object of
 * Emscripten, so PGlite is pinned exactly and the start counts `syncs` (see `assertDurable`).
 */
export class DurableFS extends NodeFS {
  /** How often PostgreSQL asked for an fsync and got it. */
  syncs = 0
  readonly #onLogLost: (error: unknown) => void

  /** `onLogLost` must end the process: PostgreSQL panics when it cannot write its log, and PGlite's panic never ends. */
  constructor(directory: string, onLogLost: (error: unknown) => void) {
    super(directory)
    this.#onLogLost = onLogLost
  }

  override async init(pg: PGlite, options: Options): ReturnType<NodeFS['init']> {
    const result = await super.init(pg, options)
    result.emscriptenOpts.preRun?.push((module: Module) => this.#amend(module))
    return result
  }

  #amend({ NODEFS }: Module): void {
    if (!NODEFS) return
    const { write } = NODEFS.stream_ops
    NODEFS.stream_ops.write = (stream, ...rest) => {
      try {
        return write(stream, ...rest)
      } catch (error) {
        if (stream.path?.includes('/pg_wal/')) this.#onLogLost(error)
        throw error
      }
    }
    NODEFS.stream_ops.fsync = (stream) => {
      try {
        fsyncSync(stream.nfd)
      } catch (error) {
        this.#onLogLost(error)
        throw error
      }
      this.syncs += 1
      return 0
    }
  }
}

/** Makes every file below `directory` durable: what initdb wrote went to disk without fsync. */
export function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) syncTree(path)
    else if (entry.isFile()) syncPath(path)
  }
  syncPath(directory)
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
