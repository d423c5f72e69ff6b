// Parses a configuration file's YAML into plain values with their positions, within limits of size.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml'

export type Path = readonly (string | number)[]
export type Position = { line: number; column: number }
type SyntaxProblem = Position & { path: Path; message: string }

export type YamlFile = {
  /** Maps have no prototype; a key without a value is left out; undefined where the file holds nothing. */
  value: unknown
  /** By `pathKey`: where a map's key, or a list's item, stands. Lines and columns count from 1. */
  positions: Map<string, Position>
  /** What makes the file unusable, never empty where `value` is incomplete. */
  problems: SyntaxProblem[]
}

/** Limits against files that are made to be slow: a parser's time grows with the square of some of them. */
const YAML_LIMITS = { bytes: 65_536, depth: 20, signs: 8_000, problems: 20 } as const

/** What the lexer yields before the text of an unquoted value. */
const PLAIN_SCALAR = '\u001f'

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** The name under which a path's position is kept. */
export function pathKey(path: Path): string {
  return path.join('\u0000')
}

/** Parses one YAML 1.2 document without anchors, aliases or tags. Never throws. */
export function readYaml(text: string): YamlFile {
  const file: YamlFile = { value: undefined, positions: new Map(), problems: [] }
  const refusal = limitExceeded(text)
  if (refusal) {
    file.problems.push({ path: [], ...refusal })
    return file
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: false,
    schema: 'core',
  })
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  for (const error of [...document.errors, ...document.warnings].slice(0, YAML_LIMITS.problems)) {
    file.problems.push({
      path: [],
      ...at(error.pos[0]),
      message: `This is not YAML: ${syntaxMessage(error)}`,
    })
  }
  if (file.problems.length === 0) file.value = new Reader(file, at).read(document.contents, [])
  return file
}

function syntaxMessage(error: { code: string; message: string }): string {
  if (error.code === 'MULTIPLE_DOCS') return 'one document is allowed, `---` begins a second one.'
  if (error.code === 'TAB_AS_INDENT') return 'a tab indents this line; indent with spaces.'
  if (error.code === 'BAD_SCALAR_START')
    return 'a value that begins with `@`, a backtick or `%` needs quotes around it.'
  return `${error.message.replace(/\.$/, '')}.`
}

/** A look at the tokens alone, before anything recursive or quadratic runs. */
function limitExceeded(text: string): (Position & { message: string }) | null {
  const bytes = Buffer.byteLength(text)
  if (bytes > YAML_LIMITS.bytes) {
    return {
      line: 1,
      column: 1,
      message: `The file has ${bytes} bytes; at most ${YAML_LIMITS.bytes} are read.`,
    }
  }
  let line = 1
  let depth = 0
  let compact = 0
  let signs = 0
  let plain = false
  for (const token of new Lexer().lex(text)) {
    const first = plain ? 'a' : token[0]
    if (token === '\n' || token === '\r\n') compact = 0
    if (first === '[' || first === '{') depth += 1
    if (first === ']' || first === '}') depth -= 1
    if (first === '-' || first === '?') compact += 1
    if (first && !'a \r\n#\u001f\u0002\uFEFF'.includes(first)) signs += 1
    if (depth > YAML_LIMITS.depth || compact > YAML_LIMITS.depth) {
      return { line, column: 1, message: `This is nested more than ${YAML_LIMITS.depth} deep.` }
    }
    if (first === '*')
      return { line, column: 1, message: `Quote it: \`"${token.slice(0, 40)}"\`. Aliases are not read.` }
    if (first === '&')
      return { line, column: 1, message: `\`${token.slice(0, 40)}\`: anchors are not read; write it out.` }
    if (signs > YAML_LIMITS.signs) {
      return {
        line,
        column: 1,
        message: `The file has more than ${YAML_LIMITS.signs} keys, items and signs.`,
      }
    }
    plain = token === PLAIN_SCALAR
    line += token.split('\n').length - 1
  }
  return null
}

class Reader {
  readonly #file: YamlFile
  readonly #at: (offset: number) => Position

  constructor(file: YamlFile, at: (offset: number) => Position) {
    this.#file = file
    this.#at = at
  }

  read(node: Node | null, path: Path): unknown {
    if (!node) return undefined
    if (path.length > YAML_LIMITS.depth) {
      this.#problem(node, path, `This is nested more than ${YAML_LIMITS.depth} deep.`)
      return undefined
    }
    if (isScalar(node)) return node.source === '' && node.value === null ? undefined : node.value
    if (isSeq<Node | null>(node)) return node.items.map((item, index) => this.#item(item, [...path, index]))
    if (isMap<Node, Node | null>(node)) return this.#map(node.items, path)
    this.#problem(
      node,
      path,
      isAlias(node) ? 'Aliases are not read; write it out.' : 'This is not read here.',
    )
    return undefined
  }

  #item(node: Node | null, path: Path): unknown {
    this.#remember(node, path)
    return this.read(node, path) ?? null
  }

  #map(pairs: Pair<Node, Node | null>[], path: Path): unknown {
    const map: Record<string, unknown> = Object.create(null)
    for (const { key: keyNode, value: valueNode } of pairs) {
      if (!isScalar(keyNode) || keyNode.value === null || keyNode.value === '') {
        this.#problem(keyNode, path, 'A key is one word.')
        continue
      }
      const key = String(keyNode.value)
      const here = [...path, key]
      if (FORBIDDEN_KEYS.has(key)) this.#problem(keyNode, here, `\`${key}\` cannot be a key.`)
      else if (Object.hasOwn(map, key)) this.#problem(keyNode, here, `\`${key}\` is here twice.`)
      else {
        this.#remember(keyNode, here)
        const value = this.read(valueNode, here)
        if (value !== undefined) map[key] = value
      }
    }
    return map
  }

  #remember(node: Node | null, path: Path): void {
    if (node?.range) this.#file.positions.set(pathKey(path), this.#at(node.range[0]))
  }

  #problem(node: Node | null, path: Path, message: string): void {
    if (this.#file.problems.length >= YAML_LIMITS.problems) return
    this.#file.problems.push({ path, ...this.#at(node?.range?.[0] ?? 0), message })
  }
}
