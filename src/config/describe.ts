// Writes the configuration's reference and its JSON schema for editors from one schema.
import { allowedBy, jsonSchema, type SchemaNode, schemaRoot } from './problem.ts'
import { SEVERITY_DEFAULTS } from './severities.ts'

/** The JSON schema as a file for editors, with a final newline. */
export function schemaText(): string {
  return `${JSON.stringify({ title: 'Mayday', ...jsonSchema }, null, 2)}\n`
}

/** Every key with its default and what it allows, as a Markdown table; `<name>` stands for a name of one's own. */
export function referenceTable(): string {
  const rows = rowsOf(schemaRoot, '').map((cells) => `| ${cells.map(escapePipe).join(' | ')} |`)
  return ['| key | default | allowed | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** The severities of an empty configuration, as a Markdown table. */
export function severityTable(): string {
  const list = Object.entries(SEVERITY_DEFAULTS)
  const row = (title: string, cell: (severity: (typeof list)[number][1]) => string) =>
    `| ${title} | ${list.map(([, severity]) => cell(severity)).join(' | ')} |`
  return [
    `| | ${list.map(([key, { name }]) => `${key} ${name}`).join(' | ')} |`,
    `| --- |${' --- |'.repeat(list.length)}`,
    row('`means`', ({ means }) => means),
    row('`respond_within`', ({ respond_within }) => respond_within ?? 'off'),
    row('`update_every`', ({ update_every }) => update_every ?? 'off'),
    row('`external_within`', ({ external_within }) => external_within ?? 'off'),
    row('`approvals`', ({ approvals }) => (approvals === null ? 'branch' : String(approvals))),
    row('`review`', ({ review }) =>
      review ? `${review.required ? 'required' : 'optional'}, ${review.within}` : 'none',
    ),
    row('`action_items`', ({ action_items }) => {
      const due = Object.values(action_items)
      return due.every((within) => within === null)
        ? 'backlog'
        : due.map((within) => within ?? 'backlog').join(' · ')
    }),
    row('`always`', ({ always }) => String(always)),
  ].join('\n')
}

function rowsOf(node: SchemaNode, path: string): string[][] {
  const inner = objectOf(node)
  const own =
    path === '' || isPlainSection(node)
      ? []
      : [[`\`${path}\``, defaultOf(node), allowedHere(node), about(node)]]
  if (!inner) return own
  if (inner.properties) {
    const at = (key: string) => (path === '' ? key : `${path}.${key}`)
    return own.concat(Object.entries(inner.properties).flatMap(([key, child]) => rowsOf(child, at(key))))
  }
  const child = inner.additionalProperties
  return typeof child === 'object' && objectOf(child) ? own.concat(rowsOf(child, `${path}.<name>`)) : own
}

/** The map that a node is, or may be. */
function objectOf(node: SchemaNode): SchemaNode | undefined {
  if (node.type === 'object') return node
  return node.anyOf?.find((branch) => branch.type === 'object')
}

/** A map with fixed keys and nothing to say of its own: its keys are rows enough. */
function isPlainSection(node: SchemaNode): boolean {
  return node.properties !== undefined && node.description === undefined
}

function allowedHere(node: SchemaNode): string {
  if (node.properties) return 'the keys below'
  const child = node.additionalProperties
  if (typeof child !== 'object') return allowedBy(node)
  const key = node.propertyNames ? allowedBy(node.propertyNames) : 'any name'
  return objectOf(child) ? `a map; keys: ${key}` : `a map; keys: ${key}; values: ${allowedBy(child)}`
}

function defaultOf(node: SchemaNode): string {
  if (node.defaults) return node.defaults
  if (node.default === undefined || (node.properties && JSON.stringify(node.default) === '{}')) return ''
  return `\`${plain(node.default)}\``
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function about(node: SchemaNode): string {
  return node.description ?? ''
}

function escapePipe(text: string): string {
  return text.replaceAll('|', '\\|')
}
