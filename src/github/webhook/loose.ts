// Reads single fields of a payload without validation.

type Loose = Record<string, unknown>
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value under a path of names; undefined where there is none. */
export const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value)
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
// It may become a column: one row that the database refuses takes those that are stored with it along.
export const numeric = (value: unknown): number | null => (Number.isSafeInteger(value) ? Number(value) : null)
