// What goes into a row and what comes out of one.
import type { Database } from '../database/database.ts'

export type Query = Database['query']
export type Row = Record<string, unknown>

/** JSON that PostgreSQL takes: jsonb refuses NUL and half a surrogate pair, which a person's text may hold and a cut may
 * leave behind. `JSON.stringify` writes both as escapes, and nothing else of that form. */
export const storable = (text: string): string =>
  text.replaceAll(/(\\\\)|\\u(?:0000|d[89a-f][\da-f]{2})/g, (_, backslash?: string) => backslash ?? '\ufffd')
export const json = (value: unknown): string => storable(JSON.stringify(value))

/** A timestamptz as milliseconds. */
export const milliseconds = (value: unknown): number | null =>
  value instanceof Date ? value.getTime() : null

/** A date as `2026-12-01`. */
export const day = (value: unknown): string | null =>
  value instanceof Date
    ? value.toISOString().slice(0, 10)
    : typeof value === 'string'
      ? value.slice(0, 10)
      : null
