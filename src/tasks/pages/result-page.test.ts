import { describe, expect, it } from 'vitest'
import { renderResultPage, toBody } from './result-page.ts'
import { sanitiseHtml } from './sanitise-html.ts'

const page = (result: string) =>
  renderResultPage({
    taskId: 'task_250601120000_0123456789ab',
    subtaskId: 'subtask_0123456789ab',
    agentId: 'agent_1',
    executionTime: 1.23456,
    timestamp: new Date('2025-06-01T12:00:00.000Z'),
    result,
  })

describe('page', () => {
  it('wraps a fragment with title, header block and viewport', () => {
    const html = page('<h2>Summary</h2><p>Done</p>')
    for (const part of [
      '<!DOCTYPE html>',
      'charset="utf-8"',
      'name="viewport"',
      '<title>Task Result - subtask_0123456789ab</title>',
      'task_250601120000_0123456789ab',
      'agent_1',
      '1.23 s',
      '2025-06-01T12:00:00.000Z',
      'max-width: 1200px',
      '<h2>Summary</h2><p>Done</p>',
    ])
      expect(html).toContain(part)
  })
  it.each(['<!DOCTYPE html><html><body>x<script>1</script></body></html>', '<html lang="en"><p>a</p></html>'])(
    'keeps a full document unchanged: %s',
    (document) => expect(page(document)).toBe(document),
  )
  it('turns Markdown and plain text into HTML', () => {
    expect(toBody('# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |')).toMatch(/<h1>Title<\/h1>[\s\S]*<table>/)
    expect(toBody('a < b & c')).toContain('a &lt; b &amp; c')
  })
  it('shows absurdly nested markup as text instead of failing', () => {
    expect(toBody('<div>'.repeat(50_000))).toContain('&lt;div&gt;')
  })
})

describe('cleaning', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src="x" onerror="alert(1)">',
    '<img src="https://evil.test/pixel.png">',
    '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    '<svg><foreignObject><body onload="alert(1)"></body></foreignObject></svg>',
    '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
    '<svg><use href="https://evil.test/x.svg#a"></use></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://evil.test"></iframe>',
    '<link rel="stylesheet" href="https://evil.test/a.css">',
    '<style>@import url(https://evil.test/a.css)</style>',
    '<div style="background:url(https://evil.test/a.png)">x</div>',
    '<div style="background:u\\72l(https://evil.test/a.png)">x</div>',
    '<form action="https://evil.test"><input name="a"></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.test">',
    '<base href="https://evil.test/">',
    '<object data="https://evil.test"></object><embed src="https://evil.test">',
    '<video src="https://evil.test/a.mp4" poster="https://evil.test/a.png"></video>',
    '<table background="https://evil.test/a.png"><tr><td>1</td></tr></table>',
    '<math><mtext><script>alert(1)</script></mtext></math>',
    '<ScRiPt>alert(1)</sCrIpT>',
    '<p><!-- <script>alert(1)</script> -->x</p>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  ])('removes what runs or loads: %s', (html) => {
    expect(sanitiseHtml(html)).not.toMatch(/script|alert|evil|onerror|onload|iframe|<form|<meta|<base|<object|<embed/i)
  })
  it.each([
    '<h2>Title</h2><p>Text <strong>bold</strong></p>',
    '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
    '<img src="data:image/png;base64,AAAA" alt="x">',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect x="1" y="1" width="5" height="5" fill="#123456"></rect></svg>',
    '<pre><code>a &lt; b</code></pre>',
    '<div style="color: red">x</div>',
    '<svg viewBox="0 0 1 1"><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"></stop></linearGradient></defs><rect fill="url(#g)"></rect></svg>',
  ])('keeps %s', (html) => expect(sanitiseHtml(html).replace(/\/>/g, '>')).toBeTruthy())
  it('keeps drawings usable: camel case names survive', () => {
    const svg = '<svg viewBox="0 0 10 10"><defs><linearGradient id="g"></linearGradient></defs></svg>'
    expect(sanitiseHtml(svg)).toContain('viewBox="0 0 10 10"')
    expect(sanitiseHtml(svg)).toContain('<linearGradient id="g"')
  })
  it('lets links of people stay and says they are foreign', () => {
    expect(sanitiseHtml('<a href="https://x.test/a">x</a>')).toContain('rel="noopener noreferrer nofollow"')
  })
})
