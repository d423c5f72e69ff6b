// Hidden marks: Mayday finds what it made on GitHub by them.
import { MAX_BODY } from '../../command/comment/body.ts'

/** A mark to stand at the end of a body: `<!-- mayday:<kind>:<key> -->`. It is only ever believed together with our
 * authorship, as anybody can paste it. */
export function mark(kind: string, key: string): string {
  return `<!-- mayday:${encode(kind)}:${encode(key)} -->`
}

/** The text with the mark after it, as it is sent; of a text that GitHub would not take, the lines that fit. */
export function withMark(text: string, ownMark: string): string {
  return `${truncate(text.trimEnd(), MAX_BODY - ownMark.length - 2)}\n\n${ownMark}`
}

function truncate(text: string, room: number): string {
  if (text.length <= room) return text
  const most = room - 100
  const lineEnd = text.lastIndexOf('\n', most)
  // One endless line is cut in its middle.
  const kept = text.slice(0, lineEnd > most / 2 ? lineEnd : most).toWellFormed()
  const left = text.slice(kept.length).match(/^.*\S.*$/gm)?.length ?? 0
  return `${kept}\n\n… and ${left} more ${left === 1 ? 'line' : 'lines'}, for which there is no room here.`
}

/** Whether the body's last mark is this one: what people quote or paste stands before it. */
export function hasMark(body: string | null | undefined, ownMark: string): boolean {
  if (!body) return false
  const last = body.lastIndexOf('<!-- mayday:')
  return last >= 0 && body.startsWith(ownMark, last)
}

/** Whether two bodies say the same: GitHub may change line ends and the space at the end. */
export function sameText(left: string | null | undefined, right: string | null | undefined): boolean {
  return normalized(left) === normalized(right)
}

function normalized(text: string | null | undefined): string {
  return (text ?? '').replaceAll('\r\n', '\n').trimEnd()
}

// A mark must hold neither spaces nor `--`, which could end it.
function encode(part: string): string {
  return encodeURIComponent(part).replaceAll('--', '%2D%2D')
}
