// Texts that try to run something in a page, for the tests.

export const HOSTILE: string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '![x](javascript:alert(1))',
  '[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html,<script>alert(1)</script>)',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<svg onload=alert(1)><animate onbegin=alert(1)></svg>',
  '<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>',
  '<iframe src="//evil.example"></iframe><object data=x></object><embed src=x>',
  '<form action="/_act" method="post"><button name="act" value="merge">free</button></form>',
  '<style>*{display:none}</style><div style="position:fixed;inset:0" class="merge" id="refusal">x</div>',
  '```mermaid\ngraph TD\n A["<img src=x onerror=alert(1)>"]\n click A call alert()\n```',
  '```"><script>alert(1)</script>\nx\n```',
  '</main></body><script>alert(1)</script>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '- [ ] x <input type="text" autofocus onfocus=alert(1)>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">',
]

/** Every tag of a markup, as written. */
export const tagsOf = (markup: string): string[] => markup.match(/<[a-z!/][^>]*>/gi) ?? []
