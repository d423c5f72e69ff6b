// What a benchmark says: figures with their bars, as Markdown, and whether the bars were kept.
export type Figure = {
  name: string
  value: number
  unit: string
  /** What is good enough; a figure without one is only told, and asks nothing of the run. */
  bar?: { atMost: number } | { atLeast: number }
  note?: string
  /** One of the few that stand first. */
  matters?: true
}

export type Theme = { title: string; figures: readonly Figure[] }

/** The value below which the share `portion` (0.5, 0.99) of the values lies; of none it is NaN. */
export function percentile(values: readonly number[], portion: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(portion * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** A figure that could not be measured has missed its bar. */
export function isKept({ value, bar }: Figure): boolean {
  if (bar === undefined) return true
  return 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast
}

export function markdownOf({ title, figures }: Theme): string {
  return [`**${title}**`, '', ...table(figures)].join('\n')
}

/** The table of the figures that matter, whatever their theme. */
export const shortTable = (themes: readonly Theme[]): string =>
  markdownOf({
    title: 'The figures that matter',
    figures: themes.flatMap(({ figures }) => figures.filter(({ matters }) => matters)),
  })

const table = (figures: readonly Figure[]): string[] => [
  '| | measured | bar |',
  '| --- | ---: | --- |',
  ...figures.map((figure) => `| ${figure.name} | ${told(figure)} | ${verdict(figure)} |`),
]

const told = ({ value, unit, note }: Figure): string =>
  `${`${round(value)} ${unit}`.trim()}${note === undefined ? '' : ` (${note})`}`

function verdict(figure: Figure): string {
  const { bar } = figure
  if (bar === undefined) return ''
  const limit = 'atMost' in bar ? `at most ${bar.atMost}` : `at least ${bar.atLeast}`
  return isKept(figure) ? limit : `**missed**: ${limit}`
}

function round(value: number): string {
  if (Number.isNaN(value)) return '?'
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100)
}
