import type { BatchReport, Measured } from '../rpc/contract/reports.ts';

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const figure = (value: number | null): string => (value === null ? '–' : value.toPrecision(3));

/** A report as one page that needs nothing else: no script, no font, no picture from anywhere. */
export function reportPage(report: BatchReport): string {
  const title = `Batch report: ${report.batch}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8885; vertical-align: top; }
  td.n, th.n { text-align: right; }
  .outside { font-weight: 700; }
  .alarm { border-left: 4px solid #c33; padding: .5rem 1rem; }
  .calm { border-left: 4px solid #393; padding: .5rem 1rem; }
</style>
<h1>${escape(title)}</h1>
<p>${report.images} images${report.generator ? ` by ${escape(report.generator)}` : ''}${report.generation === null ? '' : `, generation ${report.generation}`}, against ${report.real} real ones. Medians of ${report.draws} draws of ${report.sample} images with ${escape(report.model)}; the band is what real images give against other real images in 95 % of such draws. The numbers mean nothing beside those of another embedder.</p>
<p class="${report.alarm.raised ? 'alarm' : 'calm'}">${escape(report.alarm.text)}</p>
<table><caption>Measures</caption>
<tr><th>Measure<th class="n">Batch<th class="n">Real against real<th>Meaning</tr>
${report.measures.map(measureRow).join('\n')}
</table>
${report.drift ? `<p>Against ${escape(report.drift.previous)}: energy distance ${figure(report.drift.distance)}, p = ${figure(report.drift.p)} by ${report.drift.permutations} permutations.</p>` : ''}
<table><caption>Classes</caption>
<tr><th>Class<th class="n">Real<th class="n">Generated<th class="n">Real images covered</tr>
${report.classes.map(({ name, real, generated, coverage }) => `<tr><td>${escape(name ?? 'no label')}<td class="n">${real}<td class="n">${generated}<td class="n">${coverage === null ? '–' : `${Math.round(100 * coverage)} %`}</tr>`).join('\n')}
</table>
${list('What to generate and look at', report.advice)}
${list(
  'Pairs to look at',
  report.memorised.map(({ path, realPath, ratio }) => `${path} beside ${realPath} (ratio ${figure(ratio)})`),
)}
${list('Notes', report.notes)}
</html>
`;
}

function measureRow({ title, meaning, value, band, outside, why }: Measured): string {
  return `<tr${outside ? ' class="outside"' : ''}><td>${escape(title)}${outside ? ' (outside)' : ''}<td class="n">${figure(value)}<td class="n">${band ? `${figure(band[0])} to ${figure(band[2])}` : escape(why ?? '–')}<td>${escape(meaning)}</tr>`;
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${escape(title)}</h2><ul>${lines.map((line) => `<li>${escape(line)}`).join('')}</ul>`;
}
