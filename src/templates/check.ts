// Checks a template: its syntax tree may hold values, our helpers and four blocks, nothing else.
import Handlebars from 'handlebars'
import { nearest } from '../incident/policy/nearest.ts'
import { Markup } from '../markdown.ts'
import type { View } from './view.ts'

/** `line` and `column` count from 1. An `error` keeps the template from being used, a `warning` does not. */
export type TemplateProblem = {
  template: string
  line: number
  column: number
  level: 'error' | 'warning'
  message: string
}

const LIMITS = { bytes: 32_768, depth: 20, eachDepth: 2, problems: 20 } as const
const BLOCKS = ['if', 'unless', 'each', 'with']
/** Helpers and how many arguments each takes. */
const HELPERS: { readonly [name: string]: readonly [least: number, most: number] } = {
  date: [1, 2],
  duration: [1, 1],
  code: [1, 1],
  link: [2, 2],
}
const DATA = ['index', 'key', 'first', 'last']
const FORBIDDEN = ['__proto__', 'constructor', 'prototype']

type AstNode = hbs.AST.Node
/** What is known of the value that a name would be looked up in; undefined: nothing, so nothing is warned of. */
type Scope = unknown
type CheckContext = { scopes: Scope[]; depth: number; eachDepth: number }

/** Everything that is wrong with a template: syntax, what it may not use, and (with a sample view) fields that do not
 * exist and would show as nothing. Never throws. */
export function checkTemplate(template: string, source: string, sample?: View): TemplateProblem[] {
  const check = new Check(template)
  const bytes = Buffer.byteLength(source)
  if (bytes > LIMITS.bytes) {
    check.add(null, 'error', `It has ${bytes} bytes; at most ${LIMITS.bytes} are read.`)
    return check.problems
  }
  let tree: hbs.AST.Program
  try {
    tree = Handlebars.parse(source)
  } catch (error) {
    check.unreadable(error)
    return check.problems
  }
  check.program(tree, { scopes: [sample], depth: 0, eachDepth: 0 })
  return check.problems
}

class Check {
  readonly problems: TemplateProblem[] = []
  readonly #template: string

  constructor(template: string) {
    this.#template = template
  }

  /** Each level has its own limit: warnings must never crowd out the error that refuses a template. */
  add(node: AstNode | null, level: 'error' | 'warning', message: string): void {
    if (this.problems.filter((problem) => problem.level === level).length >= LIMITS.problems) return
    const { line, column } = node?.loc?.start ?? { line: 1, column: 0 }
    this.problems.push({ template: this.#template, line, column: column + 1, level, message })
  }

  unreadable(error: unknown): void {
    const message = error instanceof Error ? error.message : ''
    const line = Number(/(?:Parse error on line |- )(\d+)/.exec(message)?.[1] ?? 1)
    const reason = /Expecting .*, got '([A-Z_]+)'/.exec(message)?.[1]
    const said = reason
      ? `\`${reason.toLowerCase()}\` is not expected here`
      : (message.split('\n')[0] ?? '').slice(0, 200)
    this.problems.push({
      template: this.#template,
      line,
      column: 1,
      level: 'error',
      message: `This is no template: ${said.replace(/\.$/, '')}.`,
    })
  }

  program(program: hbs.AST.Program | undefined, context: CheckContext): void {
    if (!program) return
    if (context.depth > LIMITS.depth) {
      this.add(program, 'error', `Blocks are nested more than ${LIMITS.depth} deep.`)
      return
    }
    if (program.blockParams?.length) this.add(program, 'error', '`as |name|` is not allowed.')
    for (const statement of program.body) this.#statement(statement, context)
  }

  #statement(node: hbs.AST.Statement, context: CheckContext): void {
    if (node.type === 'ContentStatement' || node.type === 'CommentStatement') return
    if (isMustache(node)) return this.#mustache(node, context)
    if (isBlock(node)) return this.#block(node, context)
    const names: { [type: string]: string } = {
      PartialStatement: 'Partials (`{{> …}}`)',
      PartialBlockStatement: 'Partials (`{{#> …}}`)',
      Decorator: 'Decorators (`{{* …}}`)',
      DecoratorBlock: 'Decorators (`{{#* …}}`)',
    }
    this.add(node, 'error', `${names[node.type] ?? 'This'} are not allowed.`)
  }

  #mustache(node: hbs.AST.MustacheStatement, context: CheckContext): void {
    if (!isPath(node.path)) return this.add(node, 'error', 'A value or a helper is expected here.')
    const called = node.params.length > 0 || node.hash !== undefined
    const name = node.path.original
    const arity = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined
    if (!arity && !called) {
      this.#path(node.path, context)
      return
    }
    if (!arity) {
      const near = nearest(name, Object.keys(HELPERS))
      const meant = near ? ` Did you mean \`${near}\`?` : ''
      return this.add(
        node,
        'error',
        `\`${name}\` is no helper; allowed: \`date\` \`duration\` \`code\` \`link\`.${meant}`,
      )
    }
    const count = node.params.length
    if (node.hash || count < arity[0] || count > arity[1]) {
      const wanted = arity[0] === arity[1] ? `${arity[0]}` : `${arity[0]} or ${arity[1]}`
      this.add(node, 'error', `\`${name}\` takes ${wanted} value${wanted === '1' ? '' : 's'}.`)
    }
    for (const param of node.params) this.#expression(param, context)
  }

  #block(node: hbs.AST.BlockStatement, context: CheckContext): void {
    const name = isPath(node.path) ? node.path.original : ''
    const [subject, ...more] = node.params
    if (!BLOCKS.includes(name)) {
      return this.add(
        node,
        'error',
        `\`#${name}\` is no block; allowed: ${BLOCKS.map((block) => `\`#${block}\``).join(' ')}.`,
      )
    }
    if (!subject || more.length > 0 || node.hash)
      return this.add(node, 'error', `\`#${name}\` takes one value.`)
    const eachDepth = context.eachDepth + (name === 'each' ? 1 : 0)
    if (eachDepth > LIMITS.eachDepth) {
      return this.add(node, 'error', `\`#each\` is nested more than ${LIMITS.eachDepth} deep.`)
    }
    const value = this.#expression(subject, context)
    const scopes = name === 'each' ? [firstOf(value), ...context.scopes] : [value, ...context.scopes]
    const depth = context.depth + 1
    this.program(node.program, {
      scopes: name === 'each' || name === 'with' ? scopes : context.scopes,
      depth,
      eachDepth,
    })
    this.program(node.inverse, { ...context, depth })
  }

  #expression(node: hbs.AST.Expression, context: CheckContext): Scope {
    if (isPath(node)) return this.#path(node, context)
    if (/^(String|Number|Boolean|Undefined|Null)Literal$/.test(node.type)) return undefined
    this.add(node, 'error', 'Only a field or a fixed value can stand here.')
    return undefined
  }

  /** The sample's value at a path, undefined where that is not known. */
  #path(node: hbs.AST.PathExpression, context: CheckContext): Scope {
    const { original, depth, data } = node
    const parts = node.parts.map(String)
    if (data) {
      if (parts.length !== 1 || !DATA.includes(parts[0] ?? '')) {
        this.add(
          node,
          'error',
          `\`${original}\` is not allowed; allowed: ${DATA.map((name) => `\`@${name}\``).join(' ')}.`,
        )
      }
      return undefined
    }
    if (depth > 2) this.add(node, 'error', `\`${original}\` goes up more than 2 levels.`)
    if (parts.some((part) => FORBIDDEN.includes(part)))
      this.add(node, 'error', `\`${original}\` is not allowed.`)
    let value = context.scopes[depth]
    for (const part of parts) {
      if (!isFields(value)) return undefined
      if (FORBIDDEN.includes(part)) return undefined
      if (!Object.hasOwn(value, part)) return this.#unknown(node, part, Object.keys(value))
      value = Reflect.get(value, part)
    }
    return value
  }

  #unknown(node: hbs.AST.PathExpression, part: string, known: string[]): undefined {
    const near = nearest(part, known)
    const meant = near ? `; did you mean \`${near}\`?` : '.'
    this.add(node, 'warning', `\`${node.original}\` is no field of this text and shows as nothing${meant}`)
  }
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Markup)
}

function firstOf(value: Scope): Scope {
  if (Array.isArray(value)) return value[0]
  return isFields(value) ? Object.values(value)[0] : undefined
}

function isMustache(node: AstNode): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement'
}

function isBlock(node: AstNode): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement'
}

function isPath(node: AstNode): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression'
}
