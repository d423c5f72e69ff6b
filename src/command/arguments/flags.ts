// Options in the text of a command: `--public`, `--since=…`, and what phones make of them.

export type Flag = { name: string; value: string; long: boolean }

/** `--since`, `--since=…`, `—since`, `–since`; undefined for any other word. `long`: surely an option. */
export function flagOf(word: string): Flag | undefined {
  const match = /^([-‐‑‒–—−]{1,2})([a-z]{2,12})(?:=(.{1,40}))?$/i.exec(word)
  if (!match) return undefined
  const [, dashes = '', name = '', value = ''] = match
  return { name: name.toLowerCase(), value, long: dashes !== '-' }
}
