import { readFile } from 'node:fs/promises';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import { MEASURE_GROUPS, rangeWords, soundRange, tallyWords } from '../../rpc/contract/measures.ts';
import {
  GALLERY_WORDS,
  pairWords,
  type BatchReport,
  type Measured,
  type Picture,
  type VerdictReason,
} from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import { figure, percent } from '../../rpc/format.ts';
import { escapeHtml } from '../base/html.ts';
import type { Project } from '../project/project.ts';
import { locate } from '../project/served-files.ts';
import { saveInReports } from '../release/save-in-reports.ts';

/** Pictures of a page by sha256, as data: addresses; missing files have none. */
type Pictures = ReadonlyMap<string, string>;

/** A report as one page that needs nothing else: no script, no font, its pictures inside. */
export async function reportPage(report: BatchReport, project: Project, pool: DecodePool): Promise<string> {
  const wanted = new Set([
    ...report.verdict.reasons.flatMap(({ pictures }) =>
      pictures.flatMap(({ sha256, beside }) => [sha256, ...(beside ? [beside.sha256] : [])]),
    ),
    ...report.memorised.flatMap(({ sha256, realSha256 }) => [sha256, realSha256]),
    ...report.clusters.missing.flatMap(({ examples }) => examples.map(({ sha256 }) => sha256)),
    ...galleriesOf(report).flatMap(({ images }) => images.map(({ sha256 }) => sha256)),
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

/** More pictures than this of a gallery make a page heavy and no wiser. */
const MOST_OF_GALLERY = 12;

const galleriesOf = ({ galleries: { vanished, fresh, furthest } }: BatchReport) =>
  (
    [
      ['vanished', vanished.shown],
      ['fresh', fresh],
      ['furthest', furthest],
    ] as const
  ).map(([id, shown]) => ({ ...GALLERY_WORDS[id], images: shown.slice(0, MOST_OF_GALLERY) }));

function pageOf(report: BatchReport, pictures: Pictures): string {
  const title = `Batch report: ${report.batch}`;
  const { verdict } = report;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
  caption { text-align: left; font-weight: 700; font-size: 1.2rem; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8885; vertical-align: top; }
  td.n, th.n { text-align: right; white-space: nowrap; }
  td.outside, .outside td:first-child { font-weight: 700; }
  .good, .watch, .bad { border-left: 4px solid #393; padding: .2rem 1rem; }
  .watch { border-color: #c80; }
  .bad { border-color: #c33; }
  .headline { font-size: 1.2rem; font-weight: 700; }
  .row img, .reason img { width: 6rem; height: 6rem; margin-right: .3rem; object-fit: contain; background: #8882; }
  figure { display: inline-flex; flex-direction: column; gap: .2rem; width: 15rem; margin: 0 1rem 1rem 0; vertical-align: top; }
  figure img { width: 7rem; height: 7rem; object-fit: contain; background: #8882; }
  figcaption { font-size: .8rem; overflow-wrap: anywhere; }
  svg { width: 9rem; height: 1rem; }
</style>
<h1>${escapeHtml(title)}</h1>
<p class="headline ${verdict.level}">${escapeHtml(verdict.headline)}</p>
<p>${escapeHtml(verdict.basis)}${report.generator ? ` Made by ${escapeHtml(report.generator)}.` : ''}${report.generation === null ? '' : ` Generation ${report.generation}.`} Seed ${report.seed}.</p>
${verdict.reasons.map((reason) => reasonPart(reason, pictures)).join('\n')}
${list('What to do next', report.advice)}
${galleriesOf(report)
  .filter(({ images }) => images.length > 0)
  .map(
    ({ title: name, meaning, images }) =>
      `<h2>${escapeHtml(name)}</h2><p>${escapeHtml(meaning)}</p><p class="row">${images.map((image) => pictureOf(image, pictures)).join('')}</p>`,
  )
  .join('\n')}
${pairPart(report, pictures)}
<table><caption>Measures</caption>
<tr><th>Measure<th class="n">Batch<th class="n">As good as real images<th><th>Meaning</tr>
${Object.entries(MEASURE_GROUPS)
  .map(([group, { title: name }]) =>
    groupRows(
      name,
      report.measures.filter((measured) => measured.group === group),
    ),
  )
  .join('\n')}
</table>
<h2>Drift</h2><p class="${verdict.drift.level}">${escapeHtml(verdict.drift.text)}</p>
${clusterPart(report, pictures)}
${classTable(report)}
${planTable(report)}
${list('Notes', report.notes)}
</html>
`;
}

function reasonPart({ group, level, text, pictures: shown }: VerdictReason, pictures: Pictures): string {
  const images = shown.flatMap(({ beside, ...picture }) => (beside ? [picture, beside] : [picture]));
  return `<div class="reason ${level}"><h3>${escapeHtml(MEASURE_GROUPS[group].question)}</h3><p>${escapeHtml(text)}</p><p>${images.map((image) => pictureOf(image, pictures)).join('')}</p></div>`;
}

function groupRows(title: string, measures: readonly Measured[]): string {
  return `<tr><th colspan="5">${escapeHtml(title)}: ${tallyWords(measures)} outside</tr>\n${measures.map(measureRow).join('\n')}`;
}

function measureRow(measured: Measured): string {
  const { title, meaning, value, outside, why } = measured;
  return `<tr${outside ? ' class="outside"' : ''}><td>${escapeHtml(title)}${outside ? ' (outside)' : ''}<td class="n">${figure(value)}<td class="n">${escapeHtml(rangeWords(measured) ?? why ?? '–')}<td>${bandChart(measured)}<td>${escapeHtml(meaning)}</tr>`;
}

/** What is as good as real images as a bar, open on the better side, and the value as a line, on one scale. */
function bandChart(measured: Measured): string {
  const { value, band } = measured;
  const range = soundRange(measured);
  if (value === null || band === null || range === null) return '';
  const [least, most] = [Math.min(band[0], value), Math.max(band[2], value)];
  const place = (x: number): number => (most === least ? 50 : 5 + (90 * (x - least)) / (most - least));
  const from = range.from === null ? 0 : place(range.from);
  const to = range.to === null ? 100 : place(range.to);
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="${from.toFixed(1)}" width="${Math.max(1, to - from).toFixed(1)}" y="2" height="6" fill="#8886"/><rect x="${place(value).toFixed(1)}" width="1.6" y="0" height="10" fill="currentColor"/></svg>`;
}

function clusterPart({ clusters, verdict }: BatchReport, pictures: Pictures): string {
  const rows = clusters.missing.map(
    ({ real, generated, p, label, examples }) =>
      `<li>${escapeHtml(label ?? 'no label')}: ${percent(real)} of the real images, ${percent(generated)} of the batch (p = ${figure(p)})<br>${examples.map((example) => pictureOf(example, pictures)).join('')}`,
  );
  return `<h2>Kinds of real image</h2>
<p>${escapeHtml(verdict.kinds)}</p>
${rows.length > 0 ? `<ul class="row">${rows.join('\n')}</ul>` : ''}`;
}

const CLASS_COLUMNS = ['coverage', 'recall', 'precision', 'density', 'entropy', 'vendi'];

function classTable({ classes, measures }: BatchReport): string {
  const titles = CLASS_COLUMNS.map((id) => measures.find((measured) => measured.id === id)?.title ?? id);
  const rows = classes.map(({ name, real, generated, measures: own, why }) => {
    const cells = CLASS_COLUMNS.map((id) => {
      const found = own.find((measured) => measured.id === id);
      return `<td class="n${found?.outside ? ' outside' : ''}">${figure(found?.value)}${found?.outside ? ' (outside)' : ''}`;
    });
    return `<tr><td>${escapeHtml(name ?? 'no label')}<td class="n">${real}<td class="n">${generated}${why === null ? cells.join('') : `<td colspan="${CLASS_COLUMNS.length}">${escapeHtml(why)}`}</tr>`;
  });
  return `<table><caption>Classes</caption>
<tr><th>Class<th class="n">Real<th class="n">Generated${titles.map((title) => `<th class="n">${escapeHtml(title)}`).join('')}</tr>
${rows.join('\n')}
</table>`;
}

function planTable({ plan }: BatchReport): string {
  return `<table><caption>What to generate next</caption>
<tr><th>Class<th class="n">Real<th class="n">Of all<th class="n">Usable synthetic<th class="n">Of all<th class="n">Generate about<th>Why</tr>
${plan.map(({ name, real, usable, shares, generate, why }) => `<tr><td>${escapeHtml(name)}<td class="n">${real}<td class="n">${percent(shares.real)}<td class="n">${usable}<td class="n">${percent(shares.usable)}<td class="n">${generate}<td>${escapeHtml(why.join('; '))}</tr>`).join('\n')}
</table>`;
}

function pairPart({ memorised }: BatchReport, pictures: Pictures): string {
  if (memorised.length === 0) return '';
  return `<h2>${escapeHtml(GALLERY_WORDS.copies.title)}</h2>
<p>${escapeHtml(GALLERY_WORDS.copies.meaning)}</p>
${memorised
  .map(
    (pair) =>
      `<figure><div>${pictureOf(pair, pictures)}${pictureOf({ sha256: pair.realSha256, path: pair.realPath }, pictures)}</div><figcaption>${escapeHtml(pair.path)} beside ${escapeHtml(pair.realPath)}, ${escapeHtml(pairWords(pair))}</figcaption></figure>`,
  )
  .join('\n')}`;
}

function pictureOf({ sha256, path }: Picture, pictures: Pictures): string {
  const address = pictures.get(sha256);
  return address ? `<img src="${address}" alt="${escapeHtml(path)}">` : escapeHtml(path);
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${escapeHtml(title)}</h2><ul>${lines.map((line) => `<li>${escapeHtml(line)}`).join('')}</ul>`;
}

/**
 * Puts a report into the project's folder `reports/`, as a page and as JSON, under what it is of; one of the same is
 * replaced, since a report can always be made again. Returns both paths. Throws DISK_FULL and EXPORT_REFUSED, naming the file.
 */
export function saveReport(project: Project, of: string, report: unknown, page: string): string[] {
  const name = of.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
  return saveInReports(project, [
    [`${name}.html`, page],
    [`${name}.json`, JSON.stringify(report, null, 2)],
  ]);
}
