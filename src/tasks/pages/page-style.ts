/** The look of a result page: one column, wide tables scroll, works on phones, in print and in the dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1b2430; --muted: #5d6b7c; --line: #dde3ea; --paper: #fff; --back: #f4f6f9; --soft: #f7f9fb; --accent: #2f6fde; }
@media (prefers-color-scheme: dark) { :root { --text: #e6ebf2; --muted: #9aa8b8; --line: #303a48; --paper: #171d26; --back: #10151c; --soft: #1d2530; --accent: #7ba9f7; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 24px 20px 64px; background: var(--back); color: var(--text); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
header.task { background: var(--paper); border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 10px; padding: 16px 20px; margin-bottom: 20px; }
header.task h1 { margin: 0 0 10px; font-size: 1.3rem; line-height: 1.3; }
header.task dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 8px 20px; margin: 0; }
header.task dt { color: var(--muted); font-size: .78rem; }
header.task dd { margin: 0; font-size: .92rem; font-variant-numeric: tabular-nums; }
main { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 8px 24px 24px; }
h1, h2, h3, h4 { line-height: 1.3; margin: 1.4em 0 .5em; }
main h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; } h3 { font-size: 1.08rem; }
p, ul, ol, pre, .scroll, figure { margin: .7em 0; }
a { color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .93rem; min-width: 40%; }
th, td { padding: 7px 12px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--soft); font-weight: 600; white-space: nowrap; }
tbody tr:hover { background: var(--soft); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; }
code { background: var(--soft); border-radius: 4px; padding: .1em .35em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; overflow-x: auto; }
pre code { background: none; padding: 0; }
blockquote { border-left: 3px solid var(--line); margin: .7em 0; padding-left: 14px; color: var(--muted); }
.note { color: var(--muted); font-size: .88rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: .9em 0; padding: 0; list-style: none; }
.cards li { background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.cards strong { display: block; font-size: 1.25rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.cards span { color: var(--muted); font-size: .82rem; }
figure { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 10px; }
figure svg, figure img, main > img { display: block; max-width: 100%; height: auto; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 14px; margin: .9em 0; }
.charts figure { margin: 0; }
figcaption { color: #5d6b7c; font-size: .88rem; padding: 6px 4px 0; }
@media (max-width: 600px) { body { padding: 10px 8px 40px; } main { padding: 4px 14px 18px; } th, td { padding: 6px 8px; } }
@media print { body { background: #fff; padding: 0; } main, header.task { border: 0; } figure, tr { break-inside: avoid; } }
`.trim()
