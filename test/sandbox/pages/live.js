// In the browser: keeps the page up to date without losing what is typed, and makes boxes and menus work.
import { Idiomorph } from '/_assets/idiomorph.js'

const POLL_EVERY = 1000
let drawing

/** Mermaid is large: it is loaded by the first page that has a diagram. */
function mermaid() {
  drawing ??= import('/_assets/mermaid/mermaid.esm.min.mjs').then((module) => {
    const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'default'
    module.default.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      // Labels as HTML would be parsed before they are cleaned; the page's policy stops them, a plain label needs none.
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      suppressErrorRendering: true,
      theme,
    })
    return module.default
  })
  return drawing
}

async function drawDiagrams() {
  for (const block of document.querySelectorAll('pre.mermaid:not([data-source])')) {
    const source = block.textContent ?? ''
    block.dataset.source = source
    try {
      const { svg } = await (await mermaid()).render(`diagram-${crypto.randomUUID()}`, source)
      block.replaceChildren(picture(svg))
      block.classList.add('drawn')
    } catch (problem) {
      block.title = String(problem)
    }
  }
}

/** A diagram is shown as a picture: nothing in it can run or lead anywhere. */
function picture(svg) {
  const image = new Image()
  image.alt = 'Diagram'
  const [, width = '600'] = /viewBox="[-\d.]+ [-\d.]+ ([\d.]+)/.exec(svg) ?? []
  image.width = Math.ceil(Number(width))
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  return image
}

/** Boxes of a text that the reader may edit live; each knows its line. */
function enableBoxes() {
  for (const box of document.querySelectorAll('[data-target] input[data-line]')) {
    if (Number(box.dataset.line) >= 0) box.disabled = false
  }
}

const isTyped = (node) =>
  (node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement) &&
  node.value !== node.defaultValue

const callbacks = {
  beforeNodeMorphed(before, after) {
    if (isTyped(before) && before.type !== 'checkbox') return false
    if (before.dataset?.source !== undefined) return before.dataset.source !== after.textContent
    return true
  },
  beforeAttributeUpdated: (name, node) => !(name === 'open' && node instanceof HTMLDetailsElement),
}

function show(text, address) {
  const fresh = new DOMParser().parseFromString(text, 'text/html')
  if (address && address !== location.href) history.pushState(null, '', address)
  document.title = fresh.title
  document.body.dataset.version = fresh.body.dataset.version
  Idiomorph.morph(document.body, fresh.body.innerHTML, {
    morphStyle: 'innerHTML',
    ignoreActiveValue: true,
    callbacks,
  })
  afterChange()
}

function afterChange() {
  enableBoxes()
  void drawDiagrams()
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (answer.ok) show(await answer.text())
}

function say(text) {
  const toast = document.createElement('output')
  toast.className = 'toast'
  toast.textContent = text
  document.documentElement.append(toast)
  setTimeout(() => toast.remove(), 6000)
}

/** Sends a form as the browser would; a refusal is said in place and what was typed stays. */
async function send(action, fields, form) {
  const answer = await fetch(action, { method: 'POST', body: new URLSearchParams(fields) })
  const text = await answer.text()
  if (!answer.ok) {
    say(new DOMParser().parseFromString(text, 'text/html').querySelector('#refusal')?.textContent ?? text)
    return refresh()
  }
  form?.reset()
  const moved = new URL(answer.url).pathname !== location.pathname
  if (moved) location.assign(answer.url)
  else show(text)
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return
  event.preventDefault()
  form.closest('details.menu')?.removeAttribute('open')
  void send(form.action, new FormData(form, event.submitter), form)
})

document.addEventListener('change', (event) => {
  const { target } = event
  if (target instanceof HTMLSelectElement && (target.closest('.acting') || 'submits' in target.dataset)) {
    target.form?.requestSubmit()
  }
  const holder =
    target instanceof HTMLInputElement && target.dataset.line ? target.closest('[data-target]') : null
  if (!holder) return
  const fields = {
    act: 'tick',
    line: target.dataset.line,
    checked: target.checked,
    back: location.pathname + location.search,
  }
  void send('/_act', { ...JSON.parse(holder.dataset.target), ...fields })
})

/** A press outside closes the menus; control and enter sends the box. */
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.removeAttribute('open')
  }
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape')
    for (const menu of document.querySelectorAll('details.menu[open]')) menu.removeAttribute('open')
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
  const form = event.target.closest?.('form')
  form?.requestSubmit(form.querySelector('button.primary'))
})

let asked = 0
async function poll() {
  try {
    const answer = await fetch('/_version')
    asked += 1
    if ((await answer.text()) !== document.body.dataset.version || asked % 20 === 0) await refresh()
  } catch {
    // The sandbox is stopping or restarting; the next round sees it again.
  }
  setTimeout(poll, POLL_EVERY)
}

window.addEventListener('popstate', () => void refresh())
afterChange()
void poll()
