// P43: Production installs no code that runs at installation, nothing unpinned, and no known high advisory at a release.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

const ROOT = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().default(false),
      hasInstallScript: z.boolean().default(false),
      integrity: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})
const { '': root, ...packages } = lockSchema.parse(JSON.parse(read('package-lock.json'))).packages
const production = Object.entries(packages).filter(([, { dev }]) => !dev)
const namesOf = (entries: typeof production): string[] => entries.map(([path]) => path)

describe('what production installs', () => {
  test('runs nothing when it is installed', () => {
    expect(production.length).toBeGreaterThan(50)
    expect(namesOf(production.filter(([, { hasInstallScript }]) => hasInstallScript))).toEqual([])
  })

  test('is what the lock file says, to the byte', () => {
    expect(
      namesOf(Object.entries(packages).filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))),
    ).toEqual([])
    expect(
      Object.entries(root?.dependencies ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    ).toEqual([])
  })
})

describe('what builds it', () => {
  const workflows = readdirSync(new URL('.github/workflows/', ROOT)).map(
    (file) => `.github/workflows/${file}`,
  )
  const lines = (pattern: RegExp): string[] => workflows.flatMap((path) => read(path).match(pattern) ?? [])

  test('takes the code of others by its hash alone', () => {
    const used = lines(/uses: .*/g).filter((line) => !line.includes(': ./'))
    expect(used.length).toBeGreaterThan(4)
    expect(used.filter((line) => !/@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
    const images = read('Dockerfile').match(/^FROM .*/gm) ?? []
    expect(images.filter((line) => !/@sha256:[\da-f]{64}$/.test(line))).toEqual([])
  })

  test('may write nothing but what a job says, and runs no text of strangers', () => {
    for (const path of workflows) expect(read(path), path).toMatch(/^permissions:\n {2}contents: read$/m)
    const scripts = lines(/run: \|\n(?: {10}.*\n)+|run: .*/g)
    expect(scripts.filter((script) => script.includes('$' + '{{'))).toEqual([])
  })

  test('asks for advisories and installs without scripts', () => {
    expect(read('.github/workflows/release.yml')).toContain('- run: .ci/audit')
    expect(read('.ci/audit')).toContain('npm audit --omit=dev --audit-level=high')
    const installs = [...lines(/npm ci.*/g), ...(read('Dockerfile').match(/npm ci[^&]*/g) ?? [])]
    expect(installs.length).toBeGreaterThan(1)
    expect(installs.filter((line) => !line.includes('--ignore-scripts'))).toEqual([])
  })
})
