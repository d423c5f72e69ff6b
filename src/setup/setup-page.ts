// The HTML of the set-up page: four small pages that load and run nothing.
import { createHash } from 'node:crypto'
import type { Manifest } from './manifest.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #fff; --ground: #f6f8fa; --line: #d1d9e0;
  --accent: #cf222e; --go: #1f883d; --warn: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --soft: #9198a1; --paper: #151b23; --ground: #0d1117;
  --line: #3d444d; --accent: #f85149; --go: #238636; --warn: #d29922 } }
* { box-sizing: border-box }
body { margin: 0; padding: 8vh 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { max-width: 38rem; margin: auto; padding: 2.25rem; background: var(--paper); border: 1px solid var(--line);
  border-top: 4px solid var(--accent); border-radius: 10px }
.step { margin: 0; color: var(--soft); font-size: .85rem; letter-spacing: .02em }
h1 { margin: .2rem 0 1rem; font-size: 1.6rem; line-height: 1.25 }
label { display: block; margin-top: 1.25rem; font-weight: 600 }
.hint { margin: .1rem 0 .4rem; color: var(--soft); font-size: .9rem }
input { width: 100%; padding: .55rem .7rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 6px }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
button, .button { display: inline-block; margin-top: 1.75rem; padding: .6rem 1.2rem; font: inherit; font-weight: 600;
  color: #fff; background: var(--go); border: 0; border-radius: 6px; text-decoration: none; cursor: pointer }
a { color: inherit }
code { padding: .1em .35em; font-size: .9em; background: var(--ground); border-radius: 4px; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse; font-size: .95rem }
td { padding: .35rem 0; border-top: 1px solid var(--line) }
td:last-child { text-align: right; color: var(--soft) }
details { margin-top: 1rem } summary { cursor: pointer }
.button + .hint, table + .hint { margin-top: 1rem }
.problem { padding: .6rem .8rem; border-left: 4px solid var(--warn); background: var(--ground) }
ol { padding-left: 1.2rem } li { margin: .4rem 0 }
`

/** Nothing is loaded or run; forms lead here and to GitHub. */
export function contentSecurityPolicy(webUrl: string): string {
  const style = createHash('sha256').update(STYLE).digest('base64')
  return `default-src 'none'; style-src 'sha256-${style}'; form-action 'self' ${webUrl}; base-uri 'none'; frame-ancestors 'none'`
}

/** Step one asks for what Mayday cannot know. */
export function askPage(asked: {
  address: string
  organization: string
  problem?: string | undefined
}): string {
  return page(
    'Set up Mayday',
    `<p class="step">Step 1 of 3</p>
<h1>Where can GitHub reach Mayday?</h1>
<p>Mayday runs as a GitHub App of your own. Two answers, then GitHub registers it.</p>
${asked.problem ? `<p class="problem" role="alert">${escapeHtml(asked.problem)}</p>` : ''}
<form method="post" action="/setup">
<label for="address">Public address</label>
<p class="hint">Webhooks arrive there, at <code>/api/github/webhooks</code>. A full address, such as that of a
forwarding service, is taken as it is.</p>
<input id="address" name="address" type="url" required autofocus placeholder="https://mayday.example.com"
 value="${escapeHtml(asked.address)}">
<label for="organization">Organization</label>
<p class="hint">Who owns the app; leave it empty for your own account.</p>
<input id="organization" name="organization" autocomplete="off" autocapitalize="off" spellcheck="false"
 placeholder="acme" value="${escapeHtml(asked.organization)}">
<button>Continue</button>
</form>`,
  )
}

/** Step two shows what the app asks for and hands the manifest to GitHub. */
export function registerPage(shown: {
  manifest: Manifest
  hook: string
  action: string
  body: string
}): string {
  const permissions = Object.entries(shown.manifest.default_permissions).map(
    ([name, access]) => `<tr><td>${escapeHtml(name.replaceAll('_', ' '))}</td><td>${access}</td></tr>`,
  )
  const events = shown.manifest.default_events.map((event) => `<code>${escapeHtml(event)}</code>`)
  return page(
    'Register Mayday',
    `<p class="step">Step 2 of 3</p>
<h1>What Mayday asks for</h1>
<p>Webhooks will arrive at <code>${escapeHtml(shown.hook)}</code>.</p>
<table>${permissions.join('')}</table>
<p class="hint">Never workflows, administration or secrets.</p>
<details><summary>${events.length} kinds of events</summary><p>${events.join(' ')}</p></details>
<form method="post" action="${escapeHtml(shown.action)}">
<input type="hidden" name="manifest" value="${escapeHtml(shown.body)}">
<button>Register on GitHub</button>
</form>`,
  )
}

/** Step three says what to do next. `newSecret` replaces one from GitHub that was too short. */
export function donePage(made: {
  installUrl: string
  settingsUrl: string
  file: string
  newSecret: string | undefined
}): string {
  const secret = made.newSecret
    ? `<li>GitHub's webhook secret was too short, so a longer one was made. Enter it as <b>Webhook secret</b> in the
<a href="${escapeHtml(made.settingsUrl)}">settings of the app</a>: <code>${escapeHtml(made.newSecret)}</code></li>`
    : ''
  return page(
    'Mayday is serving',
    `<p class="step">Step 3 of 3</p>
<h1>Mayday is registered, and serving from now on</h1>
<ol>
${secret}
<li>Install it on the repositories that it shall look after.</li>
<li>Label an issue <code>incident</code> there, or write <code>/declare</code> on it.</li>
</ol>
<a class="button" href="${escapeHtml(made.installUrl)}">Install Mayday</a>
<p class="hint">The credentials are in <code>${escapeHtml(made.file)}</code>, readable by this user alone. Keep a copy
in your vault.</p>`,
  )
}

/** Says what went wrong and leads back. */
export function failedPage(problem: string): string {
  return page(
    'Not registered',
    `<h1>Mayday is not registered yet</h1>
<p class="problem" role="alert">${escapeHtml(problem)}</p>
<a class="button" href="/setup">Begin again</a>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head><body><main>
${body}
</main></body></html>
`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
