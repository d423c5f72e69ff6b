// What our Projects board looks like: its fields, their options and its views.

export type FieldName = 'Kind' | 'Phase' | 'Severity' | 'Priority' | 'Horizon' | 'Incident' | 'Due' | 'Status'
type FieldType = 'SINGLE_SELECT' | 'TEXT' | 'DATE'
type OptionColor = 'BLUE' | 'GRAY' | 'GREEN' | 'ORANGE' | 'PINK' | 'PURPLE' | 'RED' | 'YELLOW'
export type FieldOption = { name: string; color: OptionColor; description: string }
export type FieldLayout = { name: FieldName; type: FieldType; options: FieldOption[] }

/** A field as it is on a board. `databaseId` is REST's number for it, which views are made of. */
export type BoardField = {
  id: string
  databaseId: number | null
  name: string
  type: string
  options: { id: string; name: string; color: OptionColor; description: string }[]
}

export type ViewLayout = {
  name: string
  layout: 'board' | 'table'
  filter: string
  visible_fields?: number[]
  sort_by?: [number, 'asc' | 'desc'][]
  group_by?: number[]
  vertical_group_by?: number[]
}

const BY_RANK: readonly OptionColor[] = ['RED', 'ORANGE', 'YELLOW', 'BLUE', 'GRAY']

/** The fields that we make. `Status` is not among them: every board has GitHub's own. `severities`: most severe first. */
export function fieldLayouts(severities: readonly { key: string; name: string }[]): FieldLayout[] {
  return [
    select('Kind', { Incident: 'RED', Hotfix: 'ORANGE', Review: 'PURPLE', 'Action item': 'BLUE' }),
    select('Phase', {
      Triage: 'GRAY',
      Investigating: 'RED',
      Identified: 'ORANGE',
      Fixing: 'YELLOW',
      Monitoring: 'BLUE',
      Resolved: 'GREEN',
      Closed: 'PURPLE',
      Cancelled: 'GRAY',
    }),
    {
      name: 'Severity',
      type: 'SINGLE_SELECT',
      options: severities.map(({ key, name }, rank) => ({
        name: key,
        color: BY_RANK[rank] ?? 'GRAY',
        description: name,
      })),
    },
    select('Priority', { P0: 'RED', P1: 'ORANGE', P2: 'YELLOW', P3: 'BLUE' }),
    select('Horizon', {
      Immediate: 'RED',
      'Short-term': 'ORANGE',
      'Medium-term': 'YELLOW',
      'Long-term': 'BLUE',
    }),
    { name: 'Incident', type: 'TEXT', options: [] },
    { name: 'Due', type: 'DATE', options: [] },
  ]
}

/** The views that we make, of the fields that the board has. */
export function viewLayouts(fields: readonly BoardField[]): ViewLayout[] {
  const numbers = (...names: string[]): number[] =>
    names.flatMap((name) => fieldNamed(fields, name)?.databaseId ?? [])
  const due = numbers('Due').map((field): [number, 'asc'] => [field, 'asc'])
  const assignees = fields
    .filter(({ type }) => type === 'ASSIGNEES')
    .flatMap(({ databaseId }) => databaseId ?? [])
  const work = [
    ...numbers('Title'),
    ...assignees,
    ...numbers('Due', 'Priority', 'Horizon', 'Incident', 'Status'),
  ]
  return [
    {
      name: 'Live incidents',
      layout: 'board',
      filter: 'kind:Incident -phase:Resolved,Closed,Cancelled',
      visible_fields: [...numbers('Title'), ...assignees, ...numbers('Severity', 'Incident')],
      vertical_group_by: numbers('Phase'),
    },
    {
      name: 'Action items',
      layout: 'table',
      filter: 'kind:"Action item" -status:Done',
      visible_fields: work,
      sort_by: due,
      group_by: assignees.slice(0, 1),
    },
    {
      name: 'Overdue',
      layout: 'table',
      filter: '-status:Done due:<@today',
      visible_fields: work,
      sort_by: due,
    },
  ]
}

/** Names compare without case. */
export function fieldNamed(fields: readonly BoardField[], name: string): BoardField | undefined {
  return fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
}

/** The options that a field lacks. */
export function missingOptions(field: BoardField, layout: FieldLayout): FieldOption[] {
  const present = new Set(field.options.map(({ name }) => name.toLowerCase()))
  return layout.options.filter(({ name }) => !present.has(name.toLowerCase()))
}

function select(name: FieldName, options: { [option: string]: OptionColor }): FieldLayout {
  return {
    name,
    type: 'SINGLE_SELECT',
    options: Object.entries(options).map(([option, color]) => ({ name: option, color, description: '' })),
  }
}
