import { curvePlot, ratioPlot, type Plot } from '../../../rpc/contract/experiment-plots.ts';
import {
  DESIGNS,
  METRIC_WORDS,
  STAND_IN,
  STANDING_WORDS,
  armWords,
  experimentLeftLines,
  learnerTitle,
  metricsOf,
  primaryOf,
  softWords,
  type ArmResult,
  type Experiment,
  type LearnerResult,
  type Measured,
} from '../../../rpc/contract/experiments.ts';
import { figure, integer, percent } from '../../../rpc/format.ts';
import { escapeHtml } from '../../base/html.ts';

/** An experiment as one page that needs nothing else: no script, no font. */
export function experimentPage({ id, at, by, digest, predictions, results }: Experiment): string {
  const { options, data, impossible, learners, verdict, model } = results;
  const title = `Experiment ${id}: real and synthetic images`;
  const softLine = softWords(data);
  const own = predictions
    ? `Predictions of ${escapeHtml(predictions.name)} (sha256 ${predictions.sha256}).`
    : escapeHtml(STAND_IN);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
  caption { text-align: left; font-weight: 700; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8885; vertical-align: top; }
  td.n, th.n { text-align: right; white-space: nowrap; }
  .headline { font-size: 1.15rem; font-weight: 700; }
  figure { display: inline-block; width: 27rem; max-width: 100%; margin: 0 1rem 1rem 0; vertical-align: top; }
  figcaption { font-weight: 700; }
  svg { width: 100%; height: auto; overflow: visible; }
  svg text { font-size: 11px; fill: currentColor; }
</style>
<h1>${escapeHtml(title)}</h1>
${verdict.map((line, i) => `<p${i === 0 ? ' class="headline"' : ''}>${escapeHtml(line)}</p>`).join('\n')}
<p>${own}</p>
<p>Recorded by ${escapeHtml(by)} on ${at.slice(0, 10)}; seed ${options.seed}; margin ${(100 * options.margin).toFixed(1)} points; intervals of 95 % over hold-out images and seeds, ${integer(options.draws)} draws; sha256 of the results ${digest}; embeddings of ${escapeHtml(model.slice(0, 12))}.</p>
<p>Measured on ${integer(data.holdout)} real hold-out images alone. Drawn from ${integer(data.real)} real images, ${integer(data.generated)} synthetic ones as generated, ${integer(data.verified)} as verified; ${integer(data.classes.length)} classes.</p>
${softLine === null ? '' : `<p>${softLine}.</p>\n`}${list('Not in any arm, or not in the hold-out', experimentLeftLines(data.leftOut))}
${list(
  'Arms that want more images than there are',
  impossible.map(
    (arm) =>
      `${armWords(arm)}: needs ${integer(arm.needs)} synthetic images, and there are ${integer(arm.has)}`,
  ),
)}
${learners.map((learner) => learnerPart(learner, options.margin)).join('\n')}
</html>
`;
}

function learnerPart(learner: LearnerResult, margin: number): string {
  const { arms, verdict, control, penalty } = learner;
  const plots = [...DESIGNS.map((design) => ratioPlot(learner, design, margin)), curvePlot(learner)].flatMap(
    (plot) => (plot ? [plotOf(plot)] : []),
  );
  return `<h2>${escapeHtml(learnerTitle(learner.learner))}</h2>
${verdict.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
${penalty === null ? '' : `<p>Penalty ${figure(penalty)}, chosen on folds of the real images.</p>`}
${control ? `<p>Control with shuffled labels: ${difference(control.difference)} beside the same arm; it ${control.loses ? 'loses, as it must' : 'DOES NOT LOSE'}.</p>` : ''}
${plots.join('\n')}
<table><caption>Arms</caption>
<tr><th>Arm<th class="n">Real<th class="n">Synthetic<th class="n">Seeds${metricsOf(learner)
    .map((metric) => `<th class="n">${METRIC_WORDS[metric].title}`)
    .join(
      '',
    )}<th class="n">Beside real alone<th>Standing<th class="n">Least effect<th class="n">McNemar, Holm</tr>
${arms.map((arm) => armRow(arm, learner)).join('\n')}
</table>`;
}

function armRow(arm: ArmResult, learner: LearnerResult): string {
  const { metrics, against } = arm;
  const beside = against
    ? `<td class="n">${difference(against.differences[primaryOf(learner)])}<td>${STANDING_WORDS[against.standing]}<td class="n">${(100 * against.leastEffect).toFixed(1)}<td class="n">${against.mcnemar ? figure(against.mcnemar.holm) : '–'}`
    : '<td><td><td><td>';
  return `<tr><td>${escapeHtml(armWords(arm))}<td class="n">${integer(arm.real)}<td class="n">${integer(arm.synthetic)}<td class="n">${arm.seeds}${metricsOf(
    learner,
  )
    .map((metric) => `<td class="n">${share(metrics[metric])}`)
    .join('')}${beside}</tr>`;
}

function share({ value, interval }: Measured): string {
  if (value === null) return '–';
  return `${percent(value)}${interval ? `<br><small>${percent(interval[0])} to ${percent(interval[1])}</small>` : ''}`;
}

function difference({ value, interval }: Measured): string {
  if (value === null) return '–';
  const text = (part: number): string => (100 * part).toFixed(1);
  return `${text(value)}${interval ? `<br><small>${text(interval[0])} to ${text(interval[1])}</small>` : ''}`;
}

function plotOf(plot: Plot): string {
  const { box, band, series, line } = plot;
  const middle = (box.top + box.bottom) / 2;
  const marks = series.flatMap(({ isSecond, points }) =>
    points.map(
      ({ x, y, ends, words }) =>
        `<g><title>${escapeHtml(words)}</title>${ends ? `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${ends[0].toFixed(1)}" y2="${ends[1].toFixed(1)}" stroke="currentColor"/>` : ''}<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" stroke="currentColor" fill="${isSecond ? 'Canvas' : 'currentColor'}"/></g>`,
    ),
  );
  return `<figure><figcaption>${escapeHtml(plot.title)}</figcaption><svg viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${escapeHtml(plot.title)}">
${band ? `<rect x="${box.left}" width="${box.right - box.left}" y="${band.from.toFixed(1)}" height="${(band.to - band.from).toFixed(1)}" fill="#3933"/>` : ''}
<path d="M${box.left} ${box.top}V${box.bottom}H${box.right}" fill="none" stroke="#8888"/>
${plot.xTicks.map(({ at, text }) => `<text x="${at.toFixed(1)}" y="${box.bottom + 15}" text-anchor="middle">${text}</text>`).join('')}
${plot.yTicks.map(({ at, text }) => `<text x="${box.left - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`).join('')}
<text x="${(box.left + box.right) / 2}" y="${plot.height - 8}" text-anchor="middle">${plot.xTitle}</text>
<text transform="translate(12 ${middle}) rotate(-90)" text-anchor="middle">${plot.yTitle}</text>
${line ? `<polyline points="${line}" fill="none" stroke="#888"/>` : ''}
${marks.join('\n')}
</svg><small>${series.map(({ name, isSecond }) => `${isSecond ? '○' : '●'} ${escapeHtml(name)}`).join(' &nbsp; ')}${band ? ' &nbsp; ▒ within the margin' : ''}</small></figure>`;
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${escapeHtml(title)}</h2><ul>${lines.map((line) => `<li>${escapeHtml(line)}`).join('')}</ul>`;
}
