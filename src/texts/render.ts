// The one place where a text is made: a template, by its name, with the view that belongs to it.
import type { Templates } from '../templates/templates.ts'
import type { Views } from './views.ts'

/** The built-in text of a template. */
export const render = <Name extends keyof Views>(
  { templates }: { templates: Pick<Templates, 'render'> },
  name: Name,
  view: Views[Name],
): string => templates.render(name, view)
