// Warns about names in a policy that refer to nothing, and leaves them out, so that the core never meets one.

import { nearest } from '../incident/policy/nearest.ts'
import type { Policy } from '../incident/policy/policy.ts'
import { pathText } from './problem.ts'
import type { PolicyFile } from './schema.ts'
import type { Path } from './yaml.ts'

export type Warn = (warning: { path: Path; found: string; allowed: string; message: string }) => void

/** The policy with only such references as lead somewhere. A declaration must work whatever the file says of
 * severities, so a default that is none gives way to the one that an empty file would take. */
export function keepKnownReferences(policy: Policy, given: PolicyFile, warn: Warn): Policy {
  const severities = policy.severities.map(({ key }) => key)
  const services = Object.keys(policy.services)
  const check = (path: Path, name: string, known: string[]) => {
    if (known.includes(name)) return true
    warn({ path, found: name, allowed: namesOf(known), message: warningOf(path, name, known) })
    return false
  }
  const wanted = given.default_severity
  const isDefaultKnown = wanted === undefined || check(['default_severity'], wanted, severities)
  return {
    ...policy,
    default_severity: isDefaultKnown ? policy.default_severity : usualSeverity(severities),
    alerts: {
      ...policy.alerts,
      declare: policy.alerts.declare.filter((key, index) =>
        check(['alerts', 'declare', index], key, severities),
      ),
      severities: keepKnown(policy.alerts.severities, (theirs, ours) =>
        check(['alerts', 'severities', theirs], ours, severities),
      ),
      services: Object.fromEntries(
        Object.entries(policy.alerts.services).map(([label, values]) => [
          label,
          keepKnown(values, (value, service) =>
            check(['alerts', 'services', label, value], service, services),
          ),
        ]),
      ),
    },
  }
}

/** Where nothing says which: the P2 of the default list, else the third of the list, else its last. */
export function usualSeverity(keys: readonly string[]): string {
  return keys.find((key) => key === 'P2') ?? keys[2] ?? keys.at(-1) ?? ''
}

function keepKnown(map: { [key: string]: string }, isKnown: (key: string, value: string) => boolean) {
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => isKnown(key, value)))
}

function namesOf(known: string[]): string {
  return known.length === 0 ? 'nothing yet' : known.map((name) => `\`${name}\``).join(' ')
}

function warningOf(path: Path, name: string, known: string[]): string {
  const near = nearest(name, known)
  const kind = path[1] === 'services' ? 'service' : 'severity'
  const meant = near === undefined ? '' : ` Did you mean \`${near}\`?`
  return `\`${pathText(path)}\` names the ${kind} \`${name}\`, which is not configured (${namesOf(known)}); it is ignored.${meant}`
}
