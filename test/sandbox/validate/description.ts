// Turns one of GitHub's OpenAPI descriptions into JSON Schema validators, one schema at a time and on first use.
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** A JSON value that was parsed and not yet looked at. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** The problems of a value, one line each; `[]` when it fits. */
type Check = (value: unknown) => string[]

export type Description = {
  document: JsonObject
  /** Follows one `$ref`, if the value is one. */
  resolve: (value: Json | undefined) => JsonObject
  /** Validator for a schema of the document. `closed` also refuses properties that the schema does not name. */
  compile: (name: string, schema: Json, closed?: boolean) => Check
}

/** Problems shown of one value: the first ones tell what is wrong, the rest is noise of `anyOf`. */
const SHOWN = 12

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads a description from an installed package, e.g. `@octokit/openapi/generated/api.github.com.json`. */
export function openDescription(specifier: string): Description {
  const document: JsonObject = JSON.parse(readFileSync(new URL(import.meta.resolve(specifier)), 'utf8'))
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    logger: false,
    validateSchema: false,
    verbose: true,
    // Each schema is compiled once and called, and used too seldom to be worth the time that shorter code takes.
    inlineRefs: false,
    code: { optimize: false },
  })
  addFormats.default(ajv)
  const compiled = new Map<string, Check>()
  const toJsonSchema = converter(document, (name, schema) => ajv.addSchema(asSchema(schema), name))

  const resolve = (value: Json | undefined): JsonObject => {
    if (!isObject(value)) throw new Error('The description holds no object here')
    return typeof value.$ref === 'string' ? resolve(at(document, value.$ref)) : value
  }

  const compile = (name: string, schema: Json, closed = false): Check => {
    const key = closed ? `${name} closed` : name
    const known = compiled.get(key)
    if (known) return known
    const validate = ajv.compile(asObject(toJsonSchema(schema, closed)))
    const check: Check = (value) => {
      if (validate(value)) return []
      const lines = (validate.errors ?? []).map((error) => {
        const where = error.instancePath || '/'
        const what = Object.values(error.params).filter((part) => typeof part === 'string')
        const got = error.keyword === 'required' ? '' : `, got ${brief(error.data)}`
        return `${where} ${error.message ?? error.keyword}${what.length > 0 ? ` (${what.join(', ')})` : ''}${got}`
      })
      return [...new Set(lines)].slice(0, SHOWN)
    }
    compiled.set(key, check)
    return check
  }
  return { document, resolve, compile }
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function at(document: JsonObject, pointer: string): Json | undefined {
  const steps = pointer.replace(/^#\//, '').split('/')
  return steps.reduce<Json | undefined>((node, step) => {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    return isObject(node) ? node[key] : undefined
  }, document)
}

/** Makes JSON Schema of a part of the document, and gives `add` each schema that it refers to once, under its own name:
 * compiling the whole document would take minutes. */
function converter(document: JsonObject, add: (name: string, schema: Json) => void) {
  const known = new Set<string>()
  return (schema: Json, closed: boolean): Json => {
    const define = (pointer: string): string => {
      const name = `${closed ? 'closed_' : ''}${pointer.replace(/^#\//, '').replaceAll(/[^\w]/g, '_')}`
      if (!known.has(name)) {
        known.add(name)
        add(name, convert(at(document, pointer) ?? true, { closed, define }))
      }
      return name
    }
    return convert(schema, { closed, define })
  }
}

type Conversion = {
  /** Whether properties that are not named are refused. */
  closed: boolean
  /** The name of the schema that a pointer leads to. */
  define: (pointer: string) => string
}

function convert(node: Json, conversion: Conversion): Json {
  if (Array.isArray(node)) return node.map((item) => convert(item, conversion))
  if (!isObject(node)) return node
  if (typeof node.$ref === 'string') return { $ref: conversion.define(node.$ref) }
  return nullable(convertMembers(node, conversion))
}

function convertMembers(node: JsonObject, conversion: Conversion): JsonObject {
  const result: JsonObject = {}
  for (const [key, value] of Object.entries(node)) {
    if (NOT_SCHEMA.has(key)) continue
    if (VERBATIM.has(key)) result[key] = value
    else if (key === 'properties' && isObject(value)) {
      const entries = Object.entries(value).map(([name, property]) => [name, convert(property, conversion)])
      result.properties = Object.fromEntries(entries)
    }
    // Several alternatives of the descriptions overlap, so that GitHub's own answers match two of them.
    else if (key === 'oneOf' || key === 'anyOf')
      result.anyOf = convert(value, { ...conversion, closed: conversion.closed && !node.properties })
    else if (key === 'allOf') result.allOf = convert(value, { ...conversion, closed: false })
    else result[key] = convert(value, conversion)
  }
  if (conversion.closed && isObject(node.properties) && !node.allOf) result.additionalProperties ??= false
  return result
}

const NOT_SCHEMA = new Set([
  'example',
  'examples',
  'description',
  'title',
  'externalDocs',
  'discriminator',
  'xml',
])
const VERBATIM = new Set(['enum', 'required', 'default', 'const', 'type', 'format', 'pattern', 'nullable'])

const asObject = (schema: Json): JsonObject => (isObject(schema) ? schema : {})

const asSchema = (schema: Json): JsonObject | boolean =>
  typeof schema === 'boolean' ? schema : asObject(schema)

/** OpenAPI 3.0 writes `nullable: true` where JSON Schema has a type of its own for null. */
function nullable(schema: JsonObject): JsonObject {
  const { nullable: mayBeNull, ...rest } = schema
  if (mayBeNull !== true) return rest
  return { anyOf: [rest, { type: 'null' }] }
}
