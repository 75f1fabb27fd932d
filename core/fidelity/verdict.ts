import { MEASURE_GROUPS, tallyOutside, type MeasureGroup } from '../../rpc/contract/measures.ts';
import type {
  BatchReport,
  ClusterReport,
  Level,
  Measured,
  Verdict,
  VerdictReason,
} from '../../rpc/contract/reports.ts';
import { counted, figure, integer, listed, percent, uncapitalised } from '../../rpc/format.ts';
import type { BatchMeasures } from './measure-batch.ts';

type Found = Pick<BatchReport, 'alarm' | 'drift' | 'copied' | 'memorised' | 'model'>;

/** The generator has changed, or the kinds are spread otherwise, where chance gives so much more rarely than this. */
const CHANCE = 0.01;
/** Below this Z a batch was made from the images of the other one. */
const FED_ON = -3;
/** One stray measure among many is what sound batches have too. */
const STRAYS = 1;
/** Where this part of a group's measures lies outside, chance is no explanation. */
const MOST_BY_CHANCE = 0.5;
const MOST_PICTURES = 6;

/**
 * What a report says of a batch, once for every place that shows it. Each reason's level and words come from the same
 * tally of its measures, and the headline from the reasons' levels.
 */
export function verdictOf(batch: string, measured: BatchMeasures, found: Found): Verdict {
  const reasons = [fidelityOf(measured), diversityOf(measured), copyingOf(measured, found)];
  const drift = driftOf(found);
  return {
    level: worst([...reasons, drift]),
    headline: headlineOf(batch, reasons, drift.level, memorisedSentence(found.copied)),
    basis: basisOf(measured, found.model),
    reasons,
    drift,
    kinds: kindsSentence(measured.clusters),
  };
}

const ORDER: Level[] = ['good', 'watch', 'bad'];
const worst = (parts: readonly { level: Level }[]): Level =>
  ORDER[Math.max(...parts.map(({ level }) => ORDER.indexOf(level)))]!;

const FAULTS: Record<MeasureGroup, string> = {
  fidelity: 'looks different from the real images',
  diversity: 'leaves out much of what the real images show',
  copying: 'repeats real images',
};

function headlineOf(
  batch: string,
  reasons: readonly VerdictReason[],
  drift: Level,
  memorised: string | null,
): string {
  const at = (level: Level): MeasureGroup[] =>
    reasons.filter((reason) => reason.level === level).map(({ group }) => group);
  const faults = [
    ...at('bad')
      .filter((group) => group !== 'copying' || memorised === null)
      .map((group) => FAULTS[group]),
    ...(drift === 'bad' ? ['drifts away from the real images batch after batch'] : []),
  ];
  const said = faults.length > 0 ? `${batch} ${listed(faults)}.` : null;
  if (memorised !== null || said !== null) return [memorised, said].filter((part) => part !== null).join(' ');
  const doubts = [
    ...at('watch').map((group) => MEASURE_GROUPS[group].title.toLowerCase()),
    ...(drift === 'watch' ? ['drift'] : []),
  ];
  return doubts.length > 0
    ? `${batch} has no proven fault. Look closer at its ${listed(doubts)}.`
    : `${batch} shows no fault: it differs from the real images no more than chance explains.`;
}

function fidelityOf({ measures, galleries }: BatchMeasures): VerdictReason {
  const own = ofGroup(measures, 'fidelity');
  return {
    group: 'fidelity',
    level: levelOf(own),
    text: tallySentence(own),
    pictures: galleries.furthest.slice(0, MOST_PICTURES).map(alone),
  };
}

function diversityOf({ measures, galleries, clusters, classes }: BatchMeasures): VerdictReason {
  const own = ofGroup(measures, 'diversity');
  const absent = classes.filter(({ real, generated }) => real > 0 && generated === 0).length;
  const missing = clusters.missing.length;
  const lacks = [
    ...(absent > 0 ? [`${counted(absent, 'class', 'classes')} of real images`] : []),
    ...(missing > 0 ? [counted(missing, 'rare kind')] : []),
  ];
  const pictures = [
    ...clusters.missing.flatMap(({ examples }) => examples[0] ?? []),
    ...galleries.vanished.shown,
  ];
  return {
    group: 'diversity',
    level: lacks.length > 0 ? worst([{ level: levelOf(own) }, { level: 'watch' }]) : levelOf(own),
    text: `${tallySentence(own)}${lacks.length > 0 ? ` It has none or hardly any of ${listed(lacks)}.` : ''}`,
    pictures: unique(pictures).slice(0, MOST_PICTURES).map(alone),
  };
}

function copyingOf({ measures }: BatchMeasures, { copied, memorised }: Found): VerdictReason {
  const own = ofGroup(measures, 'copying');
  const { outside, of } = tallyOutside(own);
  const close = memorised.filter(({ confirmed }) => !confirmed).length;
  const isBad = memorisedSentence(copied) !== null || (of > 1 && outside === of);
  const copies =
    copied.images === 0
      ? 'No copy of a real image was found.'
      : `${counted(copied.images, 'image is a copy', 'images are copies')} of real images (${percent(copied.images / copied.of)} of the batch).`;
  const near = close === 0 ? '' : ` ${counted(close, 'more lies', 'more lie')} suspiciously close to one.`;
  return {
    group: 'copying',
    level: isBad ? 'bad' : outside + copied.images + close > 0 ? 'watch' : 'good',
    text: `${copies}${near} ${tallySentence(own)}`,
    pictures: memorised.slice(0, MOST_PICTURES / 2).map(({ sha256, path, realSha256, realPath }) => ({
      sha256,
      path,
      beside: { sha256: realSha256, path: realPath },
    })),
  };
}

function driftOf({ alarm, drift }: Found): Verdict['drift'] {
  if (drift === null) return { level: alarm.raised ? 'bad' : 'good', text: alarm.text };
  const { previous, p, fedOnZ } = drift;
  const isFed = fedOnZ < FED_ON;
  const change =
    p <= CHANCE
      ? `The generator gives other images than in ${previous} (p = ${figure(p)}).`
      : `No change from ${previous} is shown (p = ${figure(p)}).`;
  const fed = isFed
    ? ` It was made from the images of ${previous}: they lie nearer to them than to each other.`
    : '';
  return {
    level: alarm.raised ? 'bad' : isFed ? 'watch' : 'good',
    text: `${alarm.text} ${change}${fed}`,
  };
}

/** A generator that surely copies more than this has memorised its training set; single copies happen to any. */
const MEMORISED = 0.05;

/** What is said first of a batch of which much is memorised; null of others. */
export function memorisedSentence({
  images,
  of,
  interval: [low, high],
}: BatchReport['copied']): string | null {
  if (low < MEMORISED) return null;
  return `Memorised: ${percent(images / of, 0)} of the batch (${images} of ${of} images) are copies of real images, so its generator copies ${percent(low, 0)} to ${percent(high, 0)} of what it makes (95 % confidence).`;
}

/** How a batch lies over the kinds of real image; the rare ones that are missing are part of the same sentence. */
function kindsSentence({ clusters, rare, g, p, missing }: ClusterReport): string {
  const spread = `${counted(clusters, 'cluster')} of the real images; the batch lies over them ${p <= CHANCE ? 'differently' : 'alike, as far as can be told'} (G = ${figure(g)}, p = ${figure(p)}).`;
  if (rare.clusters === 0) return `${spread} None of them is rare.`;
  const shares = `The ${counted(rare.clusters, 'rare one')} (under 2 % of the real images each) ${rare.clusters === 1 ? 'holds' : 'hold'} ${percent(rare.real)} of the real images and ${percent(rare.generated)} of the batch`;
  const lacking =
    missing.length === 0
      ? 'none is shown to be missing'
      : `${missing.length === rare.clusters ? 'all' : missing.length} of them hardly ${missing.length === 1 ? 'occurs' : 'occur'} in it`;
  return `${spread} ${shares}; ${lacking}.`;
}

function basisOf(measured: BatchMeasures, model: string): string {
  const { images, real, read, sample, draws } = measured;
  const part = (has: number, of: number): string =>
    has < of ? `${integer(has)}, drawn at random, of ${integer(of)}` : `all ${integer(of)}`;
  return `Measured: ${part(read.images, images)} generated and ${part(read.real, real)} real images, in ${counted(draws, 'draw')} of ${integer(sample)} each, as ${model} sees them; figures of other embedders cannot be compared.`;
}

const ofGroup = (measures: readonly Measured[], group: MeasureGroup): Measured[] =>
  measures.filter((measured) => measured.group === group);

function levelOf(measures: readonly Measured[]): Level {
  const { outside, of } = tallyOutside(measures);
  if (outside > STRAYS && outside >= MOST_BY_CHANCE * of) return 'bad';
  return outside > STRAYS ? 'watch' : 'good';
}

function tallySentence(measures: readonly Measured[]): string {
  const { outside, of } = tallyOutside(measures);
  if (of === 0) return 'There are too few real images to judge it.';
  if (outside === 0)
    return `None of ${counted(of, 'measure')} is worse than what real images give each other.`;
  const names = measures.filter((measured) => measured.outside).map(({ title }) => uncapitalised(title));
  return `${outside} of ${counted(of, 'measure')} ${outside === 1 ? 'is' : 'are'} worse than what real images give each other: ${listed(names)}.${outside <= STRAYS ? ' One alone is usual.' : ''}`;
}

const alone = ({ sha256, path }: { sha256: string; path: string }) => ({ sha256, path, beside: null });

function unique<T extends { sha256: string }>(pictures: readonly T[]): T[] {
  return [...new Map(pictures.map((picture) => [picture.sha256, picture])).values()];
}
