import { integer } from '../format.ts';
import {
  DESIGN_WORDS,
  METRIC_WORDS,
  SOURCE_WORDS,
  primaryOf,
  type Design,
  type LearnerResult,
  type Measured,
} from './experiments.ts';

/** A mark with its interval, in the units of the picture. */
interface PlotPoint {
  x: number;
  y: number;
  /** Ends of the interval, the upper one first on screen; null without. */
  ends: [number, number] | null;
  /** What it says, in words. */
  words: string;
}

/** What a plot shows, laid out, so that a window and a page draw the same. */
export interface Plot {
  title: string;
  width: number;
  height: number;
  /** Inner box. */
  box: { left: number; right: number; top: number; bottom: number };
  xTitle: string;
  yTitle: string;
  xTicks: { at: number; text: string }[];
  yTicks: { at: number; text: string }[];
  /** Between the margin and no loss. */
  band: { from: number; to: number } | null;
  series: { name: string; isSecond: boolean; points: PlotPoint[] }[];
  /** A fitted curve as points of a line; empty without. */
  line: string;
}

const [WIDTH, HEIGHT] = [440, 240];
const BOX = { left: 52, right: WIDTH - 12, top: 10, bottom: HEIGHT - 42 };

type Scale = (value: number) => number;

const scale =
  (from: number, to: number, low: number, high: number): Scale =>
  (value) =>
    low + ((high - low) * (value - from)) / (to - from || 1);

/** About five round steps from `low` to `high`. */
function ticksOf(low: number, high: number): number[] {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(8)),
  );
}

const inPoints = (share: number): string => (100 * share).toFixed(1);
const intervalWords = ({ interval }: Measured): string =>
  interval ? ` (${inPoints(interval[0])} to ${inPoints(interval[1])})` : '';

/** Accuracy, or mAP, less that of real images alone against the share of synthetic ones, at a design's largest size; null without. */
export function ratioPlot(learner: LearnerResult, design: Design, margin: number): Plot | null {
  const { arms, verdicts } = learner;
  const main = primaryOf(learner);
  const shown = verdicts.filter((verdict) => verdict.design === design);
  const size = shown[0]?.size;
  if (size === undefined) return null;
  const rows = shown.map(({ source }) => ({
    source,
    points: arms
      .filter((arm) => arm.design === design && arm.size === size && arm.source === source && arm.against)
      .sort((a, b) => b.realShare - a.realShare)
      .map((arm) => ({ share: 1 - arm.realShare, difference: arm.against!.differences[main] })),
  }));
  const values = rows.flatMap(({ points }) =>
    points.flatMap(({ difference }) => [difference.value!, ...(difference.interval ?? [])]),
  );
  const pad = 0.002;
  const [low, high] = [Math.min(-margin, ...values) - pad, Math.max(0, ...values) + pad];
  const x = scale(0, 1, BOX.left + 12, BOX.right - 12);
  const y = scale(low, high, BOX.bottom, BOX.top);
  const { title, fixed } = DESIGN_WORDS[design];
  return {
    title: `${title}: ${integer(size)} ${fixed}`,
    width: WIDTH,
    height: HEIGHT,
    box: BOX,
    xTitle: 'Share of synthetic images, %',
    yTitle: `${METRIC_WORDS[main].title} beside real alone, points`,
    xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => ({
      at: x(share),
      text: String(Math.round(100 * share)),
    })),
    yTicks: ticksOf(100 * low, 100 * high).map((value) => ({ at: y(value / 100), text: String(value) })),
    band: { from: y(0), to: y(-margin) },
    series: rows.map(({ source, points }, i) => ({
      name: SOURCE_WORDS[source].title,
      isSecond: i > 0,
      points: points.map(({ share, difference }) => ({
        // Side by side, so that intervals do not hide one another.
        x: x(share) + (rows.length > 1 ? 6 * i - 3 : 0),
        y: y(difference.value!),
        ends: difference.interval && [y(difference.interval[1]), y(difference.interval[0])],
        words: `${Math.round(100 * share)} % synthetic, ${SOURCE_WORDS[source].title.toLowerCase()}: ${inPoints(difference.value!)} points${intervalWords(difference)}`,
      })),
    })),
    line: '',
  };
}

/** Error of real images alone against their number, on a logarithmic scale, with the fitted power law and what it says ahead. */
export function curvePlot({ primary, curve: { points, ahead, law } }: LearnerResult): Plot {
  const all = [...points, ...ahead];
  const counts = all.map(({ images }) => images);
  const values = all.flatMap(({ error }) => [error.value!, ...(error.interval ?? [])]);
  const [from, to] = [Math.log(Math.min(...counts)), Math.log(Math.max(...counts))];
  const [low, high] = [Math.max(0, Math.min(...values) - 0.005), Math.max(...values) + 0.005];
  const x = (images: number): number => scale(from, to, BOX.left + 16, BOX.right - 24)(Math.log(images));
  const y = scale(low, high, BOX.bottom, BOX.top);
  const placed = (list: typeof points, words: string) =>
    list.map(({ images, error }) => ({
      x: x(images),
      y: y(error.value!),
      ends: error.interval && ([y(error.interval[1]), y(error.interval[0])] as [number, number]),
      words: `${integer(images)} real images: error ${inPoints(error.value!)} %${intervalWords(error)}${words}`,
    }));
  const steps = Array.from({ length: 41 }, (_, i) => Math.exp(from + ((to - from) * i) / 40));
  return {
    title: 'Learning curve of real images alone',
    width: WIDTH,
    height: HEIGHT,
    box: BOX,
    xTitle: 'Real images (logarithmic)',
    yTitle: primary === 'meanAp' ? '1 − mAP on the hold-out, %' : 'Error on the hold-out, %',
    xTicks: [...new Set([counts[0]!, points.at(-1)!.images, counts.at(-1)!])].map((images) => ({
      at: x(images),
      text: integer(images),
    })),
    yTicks: ticksOf(100 * low, 100 * high).map((value) => ({ at: y(value / 100), text: String(value) })),
    band: null,
    series: [
      { name: 'Measured', isSecond: false, points: placed(points, '') },
      ...(ahead.length > 0
        ? [{ name: 'By the curve', isSecond: true, points: placed(ahead, ', by the curve') }]
        : []),
    ],
    line: law
      ? steps
          .map(
            (images) =>
              `${x(images).toFixed(1)},${y(law.floor + law.scale * images ** -law.rate).toFixed(1)}`,
          )
          .join(' ')
      : '',
  };
}
