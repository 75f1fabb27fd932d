import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import { confirmedWords } from '../../rpc/contract/alteration.ts';
import type { BatchReport, Measured, Picture } from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import { counted, percent } from '../../rpc/format.ts';
import { replaceFile } from '../base/replace-file.ts';
import type { Project } from '../project/project.ts';
import { locate } from '../project/served-files.ts';
import { refusal } from '../release/formats/output.ts';

/** Pictures of a page by sha256, as data: addresses; missing files have none. */
type Pictures = ReadonlyMap<string, string>;

/** A report as one page that needs nothing else: no script, no font, its pictures inside. */
export async function reportPage(report: BatchReport, project: Project, pool: DecodePool): Promise<string> {
  const wanted = new Set([
    ...report.memorised.flatMap(({ sha256, realSha256 }) => [sha256, realSha256]),
    ...report.clusters.missing.flatMap(({ examples }) => examples.map(({ sha256 }) => sha256)),
  ]);
  const pictures = new Map<string, string>();
  for (const sha256 of wanted) {
    const address = await dataAddress(project, pool, sha256);
    if (address) pictures.set(sha256, address);
  }
  return pageOf(report, pictures);
}

async function dataAddress(project: Project, pool: DecodePool, sha256: string): Promise<string | null> {
  try {
    const { path, mime } = await locate(project, pool, 'thumb', sha256);
    return `data:${mime};base64,${(await readFile(path)).toString('base64')}`;
  } catch (error) {
    if (error instanceof AssayError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const figure = (value: number | null): string => (value === null ? '–' : value.toPrecision(3));

function pageOf(report: BatchReport, pictures: Pictures): string {
  const title = `Batch report: ${report.batch}`;
  const { drift } = report;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escape(title)}</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
  caption { text-align: left; font-weight: 700; font-size: 1.2rem; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8885; vertical-align: top; }
  td.n, th.n { text-align: right; white-space: nowrap; }
  td.outside, .outside td:first-child { font-weight: 700; }
  .alarm, .calm { border-left: 4px solid #393; padding: .5rem 1rem; }
  .alarm { border-color: #c33; }
  figure { display: inline-flex; flex-direction: column; gap: .2rem; width: 15rem; margin: 0 1rem 1rem 0; vertical-align: top; }
  figure img { width: 7rem; height: 7rem; object-fit: contain; background: #8882; }
  figcaption { font-size: .8rem; overflow-wrap: anywhere; }
  svg { width: 9rem; height: 1rem; }
</style>
<h1>${escape(title)}</h1>
<p class="${report.alarm.raised ? 'alarm' : 'calm'}">${escape(report.summary)}</p>
<p>${counted(report.images, 'image')}${report.generator ? ` by ${escape(report.generator)}` : ''}${report.generation === null ? '' : `, generation ${report.generation}`}, against ${counted(report.real, 'real one')}. Medians of ${counted(report.draws, 'draw')} of ${counted(report.sample, 'image')} with ${escape(report.model)}, seed ${report.seed}; the band is what real images give against other real images in 95 % of such draws. The numbers mean nothing beside those of another embedder.${report.alarm.raised ? '' : ` ${escape(report.alarm.text)}`}</p>
${list('What to do next', report.advice)}
<table><caption>Measures</caption>
<tr><th>Measure<th class="n">Batch<th class="n">Real against real<th><th>Meaning</tr>
${report.measures.map(measureRow).join('\n')}
</table>
${drift ? `<p>Against ${escape(drift.previous)}: energy distance ${figure(drift.distance)}, p = ${figure(drift.p)} by ${drift.permutations} permutations. Distances to the images of that batch: Z = ${figure(drift.fedOnZ)} (below -3: made from them).</p>` : ''}
${clusterPart(report, pictures)}
${classTable(report)}
${planTable(report)}
${pairPart(report, pictures)}
${list('Notes', report.notes)}
</html>
`;
}

function measureRow({ title, meaning, value, band, outside, why }: Measured): string {
  return `<tr${outside ? ' class="outside"' : ''}><td>${escape(title)}${outside ? ' (outside)' : ''}<td class="n">${figure(value)}<td class="n">${band ? `${figure(band[0])} to ${figure(band[2])}` : escape(why ?? '–')}<td>${value !== null && band ? bandChart(value, band) : ''}<td>${escape(meaning)}</tr>`;
}

/** The band as a bar and the value as a line, on one scale. */
function bandChart(value: number, [low, middle, high]: [number, number, number]): string {
  const [least, most] = [Math.min(low, value), Math.max(high, value)];
  const place = (x: number): string =>
    (most === least ? 50 : 5 + (90 * (x - least)) / (most - least)).toFixed(1);
  const width = Number(place(high)) - Number(place(low));
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="${place(low)}" width="${Math.max(1, width).toFixed(1)}" y="2" height="6" fill="#8886"/><rect x="${place(middle)}" width=".6" y="2" height="6" fill="#888"/><rect x="${place(value)}" width="1.6" y="0" height="10" fill="currentColor"/></svg>`;
}

function clusterPart({ clusters }: BatchReport, pictures: Pictures): string {
  const rows = clusters.missing.map(
    ({ real, generated, p, label, examples }) =>
      `<li>${escape(label ?? 'no label')}: ${percent(real)} of the real images, ${percent(generated)} of the batch (p = ${figure(p)})<br>${examples.map((example) => pictureOf(example, pictures)).join('')}`,
  );
  return `<h2>Kinds of real image</h2>
<p>${counted(clusters.clusters, 'cluster')} of the real images, ${clusters.rare.clusters} of them rare (under 2 % each; ${percent(clusters.rare.real)} together, of the batch ${percent(clusters.rare.generated)}). The batch lies over them ${clusters.p <= 0.01 ? 'differently' : 'alike, as far as can be told'}: G = ${figure(clusters.g)}, p = ${figure(clusters.p)} by ${clusters.permutations} permutations.</p>
${rows.length > 0 ? `<p>Rare kinds that the batch has too few of:</p><ul>${rows.join('\n')}</ul>` : ''}`;
}

const CLASS_COLUMNS = ['coverage', 'recall', 'precision', 'density', 'entropy', 'vendi'];

function classTable({ classes, measures }: BatchReport): string {
  const titles = CLASS_COLUMNS.map((id) => measures.find((measured) => measured.id === id)?.title ?? id);
  const rows = classes.map(({ name, real, generated, measures: own, why }) => {
    const cells = CLASS_COLUMNS.map((id) => {
      const found = own.find((measured) => measured.id === id);
      return `<td class="n${found?.outside ? ' outside' : ''}">${figure(found?.value ?? null)}${found?.outside ? ' (outside)' : ''}`;
    });
    return `<tr><td>${escape(name ?? 'no label')}<td class="n">${real}<td class="n">${generated}${why === null ? cells.join('') : `<td colspan="${CLASS_COLUMNS.length}">${escape(why)}`}</tr>`;
  });
  return `<table><caption>Classes</caption>
<tr><th>Class<th class="n">Real<th class="n">Generated${titles.map((title) => `<th class="n">${escape(title)}`).join('')}</tr>
${rows.join('\n')}
</table>`;
}

function planTable({ plan }: BatchReport): string {
  return `<table><caption>What to generate next</caption>
<tr><th>Class<th class="n">Real<th class="n">Usable synthetic<th class="n">Generate about<th>Why</tr>
${plan.map(({ name, real, usable, generate, why }) => `<tr><td>${escape(name)}<td class="n">${real}<td class="n">${usable}<td class="n">${generate}<td>${escape(why.join('; '))}</tr>`).join('\n')}
</table>`;
}

function pairPart({ memorised }: BatchReport, pictures: Pictures): string {
  if (memorised.length === 0) return '';
  return `<h2>Pairs to look at</h2>
${memorised
  .map(
    ({ sha256, path, realSha256, realPath, ratio, confirmed, alteration }) =>
      `<figure><div>${pictureOf({ sha256, path }, pictures)}${pictureOf({ sha256: realSha256, path: realPath }, pictures)}</div><figcaption>${escape(path)} beside ${escape(realPath)}${ratio === null ? '' : `, ratio ${figure(ratio)}`}${confirmed ? `, ${confirmedWords(alteration)}` : ''}</figcaption></figure>`,
  )
  .join('\n')}`;
}

function pictureOf({ sha256, path }: Picture, pictures: Pictures): string {
  const address = pictures.get(sha256);
  return address ? `<img src="${address}" alt="${escape(path)}">` : escape(path);
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${escape(title)}</h2><ul>${lines.map((line) => `<li>${escape(line)}`).join('')}</ul>`;
}

/**
 * Puts a report into the project's folder `reports/`, as a page and as JSON; one of the same batch is replaced, since a
 * report can always be made again. Returns both paths. Throws DISK_FULL and EXPORT_REFUSED, naming the file.
 */
export function saveReport(project: Project, report: BatchReport, page: string): string[] {
  const folder = join(project.folder, 'reports');
  const name = report.batch.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  const files = [
    [`${name}.html`, page],
    [`${name}.json`, JSON.stringify(report, null, 2)],
  ] as const;
  return files.map(([file, content]) => {
    const path = join(folder, file);
    try {
      replaceFile(folder, file, content);
    } catch (error) {
      throw refusal(error, path);
    }
    return path;
  });
}
