// Preloaded by a process that shall find its machine unsafe. UNSAFE is `fsync`: PGlite has changed inside, so that its
// writes no longer reach the disk; or `directory`: the data directory belongs to somebody else.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { NodeFS } from '@electric-sql/pglite/nodefs'

if (process.env.UNSAFE === 'fsync') {
  const { init } = NodeFS.prototype
  NodeFS.prototype.init = async function (this: NodeFS, ...given) {
    const result = await init.apply(this, given)
    const steps = result.emscriptenOpts.preRun ?? []
    // The next step that is added is lost: that of DurableFS.
    steps.push = () => {
      Reflect.deleteProperty(steps, 'push')
      return steps.length
    }
    return result
  }
}

if (process.env.UNSAFE === 'directory') {
  fs.chmodSync = () => {
    throw Object.assign(new Error('EPERM: operation not permitted, chmod'), { code: 'EPERM' })
  }
  syncBuiltinESMExports()
}
