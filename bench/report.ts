// What a benchmark says: one line per figure, with its bar and whether it was kept.
import { cpus, totalmem } from 'node:os'

export type Figure = {
  name: string
  value: number
  unit: string
  /** The highest value that is good enough; a figure without one is only told. */
  bar?: number
  note?: string
}

/** The value below which the share `portion` (0.5, 0.99) of the values lies; of none it is NaN. */
export function percentile(values: readonly number[], portion: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(portion * sorted.length) - 1)] ?? Number.NaN
}

/** The figures of one theme, each on a line of its own. */
export function tell(theme: string, figures: readonly Figure[]): void {
  const lines = figures.map(({ name, value, unit, bar, note }) => {
    const told = `${round(value)} ${unit}`.trim()
    const verdict = bar === undefined ? '' : value <= bar ? `kept (bar ${bar})` : `NOT KEPT (bar ${bar})`
    return `  ${name.padEnd(58)}${told.padStart(12)}  ${[verdict, note].filter(Boolean).join('  ')}`.trimEnd()
  })
  process.stdout.write(`\n${theme}\n${lines.join('\n')}\n`)
}

/** The machine, in one line: a figure without it says nothing. */
export function machine(storage: string): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${cpus().length} × ${first?.model ?? 'unknown processor'}, ${memory} GB memory, Node ${process.versions.node}, ${process.platform}, ${storage}`
}

function round(value: number): string {
  if (Number.isNaN(value)) return '?'
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100)
}
