/** Text for a page of HTML, wherever it stands in it. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

export type Cell = string | number;

/** A row of a table. */
export const row = (cells: Cell[]): string =>
  `<tr>${cells.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join('')}</tr>\n`;

/** A table, or that there is nothing for it. */
export function grid(heads: string[], rows: Cell[][]): string {
  if (rows.length === 0) return '<p>None.</p>';
  const titles = heads.map((name) => `<th>${escapeHtml(name)}</th>`).join('');
  return `<table><thead><tr>${titles}</tr></thead><tbody>\n${rows.map(row).join('')}</tbody></table>`;
}

/** Names with their values. */
export const facts = (pairs: [string, Cell][]): string =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(String(value))}</dd>`).join('')}</dl>`;

export const section = (title: string, parts: string[]): string =>
  `<section><h2>${escapeHtml(title)}</h2>\n${parts.join('\n')}</section>\n`;

/** A part of a section. */
export const subsection = (title: string, parts: string[]): string =>
  `<h3>${escapeHtml(title)}</h3>\n${parts.join('\n')}`;

/** Begins a page that needs nothing else. No script and no address: nothing in the names of the project can act. */
export function head(title: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
body{font:14px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:75rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;border-bottom:1px solid #ccc;padding-bottom:.25rem;margin-top:2.5rem}h3{font-size:1rem;margin-top:2rem;break-after:avoid}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #e4e4e4;overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}dl{display:grid;grid-template-columns:minmax(12rem,auto) 1fr;gap:.25rem 1.5rem}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
pre{background:#f5f5f5;padding:.75rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{max-width:none;margin:0;font-size:10px}section{break-inside:auto}tr{break-inside:avoid}}
</style></head><body><h1>${escapeHtml(title)}</h1>
`;
}
