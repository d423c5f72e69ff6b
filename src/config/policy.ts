// Turns the text of `.github/mayday.yml` into a policy, or into problems that say how to correct it.
import type { IncidentType, Policy, Service } from '../incident/policy/policy.ts'
import { displayValue, type Located, locator, type Problem, pathText, problemsOf } from './problem.ts'
import { keepKnownReferences, usualSeverity } from './references.ts'
import { file, type PolicyFile } from './schema.ts'
import { completeSeverity, SEVERITY_DEFAULTS } from './severities.ts'
import { type Path, readYaml } from './yaml.ts'

/** `warnings` name what the policy leaves out because it refers to nothing; the policy is whole without it. */
export type ParsedPolicy =
  | { policy: Policy; problems: []; warnings: Problem[] }
  | { policy: null; problems: Problem[]; warnings: Problem[] }

/** A file's values before the check, with the position of each. */
export type UncheckedFile = {
  value: unknown
  positions: Map<string, Located>
  whole: Located
  problems: Problem[]
}

/** Reads a whole configuration. `source` names the file in problems. Never throws, whatever the text is.
 * `_extends` is checked but not followed: see `resolveExtends`. */
export function parsePolicy(text: string, source: string): ParsedPolicy {
  return policyOf(readUnchecked(text, source))
}

/** What a file says, before any check of its keys. */
export function readUnchecked(text: string, source: string): UncheckedFile {
  const yaml = readYaml(text)
  const positions = new Map(
    [...yaml.positions].map(([key, position]) => [key, { ...position, source }] as const),
  )
  const problems = yaml.problems.map(({ path, message, line, column }) => {
    return { source, line, column, path: pathText(path), found: '', allowed: 'YAML', message }
  })
  return { value: yaml.value ?? {}, positions, whole: { source, line: 1, column: 1 }, problems }
}

/** Checks values against the schema and completes them. */
export function policyOf(unchecked: UncheckedFile): ParsedPolicy {
  if (unchecked.problems.length > 0) return { policy: null, problems: unchecked.problems, warnings: [] }
  const locate = locator(unchecked.positions, unchecked.whole)
  const parsed = file.safeParse(unchecked.value)
  if (!parsed.success) {
    return { policy: null, problems: problemsOf(parsed.error.issues, unchecked.value, locate), warnings: [] }
  }
  const problems = contradictions(parsed.data, locate)
  if (problems.length > 0) return { policy: null, problems, warnings: [] }
  const warnings: Problem[] = []
  const policy = keepKnownReferences(
    completePolicy(parsed.data),
    parsed.data,
    ({ path, found, ...warning }) => {
      warnings.push({ ...warning, ...locate(path), path: pathText(path), found: displayValue(found) })
    },
  )
  return { policy, problems: [], warnings }
}

/** Problems between values that are right alone. */
function contradictions(given: PolicyFile, locate: (path: Path) => Located): Problem[] {
  const problems: Problem[] = []
  const { from, to } = given.working_hours
  if (from >= to) {
    const path = ['working_hours', given.working_hours.to === '18:00' ? 'from' : 'to']
    const allowed = `a \`from\` before \`to\``
    const message = `\`working_hours\` goes from ${displayValue(from)} to ${displayValue(to)}; allowed: ${allowed}, on one day.`
    problems.push({
      ...locate(path),
      path: pathText(path),
      found: displayValue(given.working_hours.to),
      allowed,
      message,
    })
  }
  if (given.severities && Object.keys(given.severities).length === 0) {
    const message = '`severities` is an empty map; name at least one, or leave it out for P0 to P3.'
    problems.push({
      ...locate(['severities']),
      path: 'severities',
      found: 'a map',
      allowed: 'at least one severity',
      message,
    })
  }
  return problems
}

function completePolicy(given: PolicyFile): Policy {
  const { _extends, severities, types, services, people, targets, action_items, report, ...rest } = given
  const keys = severities ?? Object.fromEntries(Object.keys(SEVERITY_DEFAULTS).map((key) => [key, {}]))
  const list = Object.entries(keys).map(([key, severity]) => completeSeverity(key, severity, given))
  return {
    ...rest,
    bots: given.bots.map(plainLogin),
    people: mapEntries(people, (person, login) => [plainLogin(login), person]),
    default_severity: given.default_severity ?? usualSeverity(Object.keys(keys)),
    severities: list,
    types: mapEntries({ security: {}, ...types }, (type, name) => [name, completeType(type, name)]),
    services: mapEntries(services, (service, name) => [name, completeService(service)]),
    action_items: { labels: action_items.labels, evidence: completeEvidence(action_items.evidence) },
    report: { every: report.every === 'off' ? null : report.every, to: report.to },
    targets: {
      detect: targets.detect ?? null,
      acknowledge: targets.acknowledge ?? null,
      mitigate: targets.mitigate ?? null,
      resolve: targets.resolve ?? null,
    },
  }
}

function mapEntries<V, R>(map: { [key: string]: V }, change: (value: V, key: string) => [string, R]) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => change(value, key)))
}

function plainLogin(login: string): string {
  return login.replace(/^@/, '').toLowerCase()
}

function completeType(given: Partial<PolicyFile['types'][string]>, name: string): IncidentType {
  return {
    checklist: given.checklist ?? {},
    runbook: given.runbook ?? null,
    roles: given.roles ?? [],
    clocks: given.clocks ?? [],
    private: given.private ?? name === 'security',
  }
}

function completeService(given: PolicyFile['services'][string]): Service {
  const { paths, owners, runbook, deploy, rollback, verify } = given
  return {
    paths,
    owners,
    runbook: runbook ?? null,
    deploy: deploy ? { ...deploy, inputs: textInputs(deploy.inputs) } : null,
    rollback: rollback ? { ...rollback, inputs: textInputs(rollback.inputs) } : null,
    verify: verify ?? null,
  }
}

function textInputs(inputs: { [name: string]: string | number | boolean }): { [name: string]: string } {
  return mapEntries(inputs, (value, name) => [name, String(value)])
}

/** What counts as a test or an alert rule where `evidence: true` does not say it. */
const EVIDENCE = {
  prevent: [
    '**/test/**',
    '**/tests/**',
    '**/__tests__/**',
    '**/*.test.*',
    '**/*.spec.*',
    '**/*_test.*',
    '**/test_*',
  ],
  detect: ['**/alerts/**', '**/*alert*', '**/monitoring/**', '**/*.rules.y*ml', '**/rules/**'],
}

function completeEvidence(given: PolicyFile['action_items']['evidence']): Policy['action_items']['evidence'] {
  if (given === false) return false
  return given === true ? EVIDENCE : { ...EVIDENCE, ...given }
}

/** The policy of a repository without a file. */
export const defaultPolicy: Policy = completePolicy(file.parse({}))
