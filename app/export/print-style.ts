/**
 * The style inside an exported HTML file: one sheet for the screen and for clean A4
 * pages out of any browser. It names no outside font and loads nothing.
 */
export const printStyle = `
:root { color-scheme: light; --ink: #1b1f24; --muted: #565c64; --line: #dcd8ce; --provider: #1d4fa8; --employer: #9a4406; --convener: #5b3f8c; }
* { box-sizing: border-box; }
html { font: 11pt/1.5 "Source Sans 3", "Segoe UI", system-ui, sans-serif; color: var(--ink); background: #f6f4ef; }
body { margin: 0; }
main { max-width: 46rem; margin: 2rem auto; padding: 3rem 3.5rem; background: #fff; border: 1px solid var(--line); }
header { border-bottom: 2px solid var(--ink); padding-bottom: 1rem; margin-bottom: 1.75rem; }
header .kind { margin: 0; color: var(--muted); font-weight: 600; }
h1, h2, h3, h4, h5, h6 { font-family: "Source Serif 4", Georgia, "Times New Roman", serif; line-height: 1.25; margin: 1.6em 0 0.5em; break-after: avoid; }
h1 { font-size: 1.9rem; margin: 0.15em 0 0.35em; }
h2 { font-size: 1.4rem; } h3 { font-size: 1.15rem; } h4, h5, h6 { font-size: 1rem; }
h1, h2, h3, h4, h5, h6, p, pre { unicode-bidi: plaintext; }
p { margin: 0 0 0.75em; orphans: 3; widows: 3; }
ul, ol { margin: 0 0 0.75em; padding-left: 1.5em; } li > p { margin-bottom: 0.3em; }
ul.tasks { list-style: none; padding-left: 0; } li.task { display: flex; gap: 0.5em; }
.sides { list-style: none; padding: 0; margin: 0.5rem 0 0; }
.sides [data-side="provider"] { color: var(--provider); } .sides [data-side="employer"] { color: var(--employer); }
.sides [data-side="intermediary"], .sides [data-side="funder"] { color: var(--convener); }
.facts { color: var(--muted); margin: 0.5rem 0 0; }
.label { display: inline-block; border: 1px solid var(--ink); padding: 0.05rem 0.5rem; margin: 0.5rem 0 0; font-weight: 600; }
blockquote { margin: 0 0 0.75em; padding-left: 1em; border-left: 3px solid var(--line); color: var(--muted); }
.callout { border: 1px solid var(--line); border-left: 4px solid var(--ink); padding: 0.6rem 1rem 0.1rem; margin: 0 0 1em; break-inside: avoid; }
.callout-label { font-weight: 700; margin-bottom: 0.2em; }
pre { background: #f6f4ef; padding: 0.75rem 1rem; overflow-x: auto; white-space: pre-wrap; } code { font-family: ui-monospace, Consolas, monospace; font-size: 0.92em; }
.table-frame { overflow-x: auto; margin: 0 0 1em; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--line); padding: 0.35rem 0.6rem; text-align: start; vertical-align: top; overflow-wrap: break-word; }
th { background: #f6f4ef; } th p, td p { margin: 0 0 0.25em; } tr { break-inside: avoid; } thead { display: table-header-group; }
figure { margin: 0 0 1em; break-inside: avoid; } img { max-width: 100%; height: auto; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5em 0; }
a { color: inherit; text-decoration: underline; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 0.75rem; color: var(--muted); font-size: 0.85rem; overflow-wrap: anywhere; }
@page { size: A4; margin: 20mm 18mm 22mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8.5pt "Source Sans 3", "Segoe UI", system-ui, sans-serif; color: #565c64; } }
@media print {
  html { background: #fff; font-size: 10.5pt; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  .table-frame { overflow: visible; } pre { border: 1px solid var(--line); }
  th, .label, header { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  footer { break-inside: avoid; }
}
@media (max-width: 40rem) { main { margin: 0; padding: 1.25rem; border: 0; } }
`;
