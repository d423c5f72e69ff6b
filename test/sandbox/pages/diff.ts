// Changed files as GitHub shows them: one box a file, two columns of line numbers.
import { type StructuredPatchHunk, structuredPatch } from 'diff'
import type { FileChange } from '../history.ts'
import { type Html, html, icon } from './html.ts'

export const changedFiles = (files: readonly FileChange[]): Html[] => files.map(changedFile)

function changedFile(file: FileChange): Html {
  const { hunks } = structuredPatch(file.path, file.path, file.before ?? '', file.after ?? '', '', '', {
    context: 3,
  })
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const plus = lines.filter((line) => line.startsWith('+')).length
  const minus = lines.filter((line) => line.startsWith('-')).length
  const green = Math.round((5 * plus) / Math.max(plus + minus, 5))
  const red = Math.round((5 * minus) / Math.max(plus + minus, 5))
  const squares = Array.from({ length: 5 }, (_, index) => {
    const sign = index < green ? 'added' : index < green + red ? 'removed' : 'same'
    return html`<i class="${sign}"></i>`
  })
  return html`<details class="box file" open><summary><span class="grow">${icon('file')} <code>${file.path}</code>
      ${file.status !== 'modified' && html`<span class="badge">${file.status}</span>`}</span>
    <span class="count"><b class="plus">+${plus}</b> <b class="minus">−${minus}</b> ${squares}</span></summary>
    <div class="scroll"><table class="diff">${hunks.map(hunkRows)}</table></div></details>`
}

/** Old number, new number, line. */
function hunkRows(hunk: StructuredPatchHunk): Html[] {
  let before = hunk.oldStart
  let after = hunk.newStart
  const place = `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`
  const rows = hunk.lines.map((line) => {
    if (line.startsWith('+')) return row('added', ['', after++], line)
    if (line.startsWith('-')) return row('removed', [before++, ''], line)
    return line.startsWith('\\') ? row('hunk', ['', ''], line) : row('same', [before++, after++], line)
  })
  return [row('hunk', ['', ''], place), ...rows]
}

const row = (look: string, [before, after]: [number | '', number | ''], line: string): Html =>
  html`<tr class="${look}"><td>${before}</td><td>${after}</td><td><code>${line}</code></td></tr>`
