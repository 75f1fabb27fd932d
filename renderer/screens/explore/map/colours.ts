import { DECISIONS, decisionTitle, ROLE_WORDS, ROLES } from '../../../../rpc/contract/terms.ts';
import { NO_LABEL } from '../../../../rpc/contract/maps.ts';
import type { MapPoints } from './points.ts';

type Rgb = readonly [number, number, number];
/** A score's values as codes by image number, 0 for none and else 1 to 255, and what the ends stand for. */
export interface ScoreColours {
  codes: Uint8Array;
  low: number;
  high: number;
}
type ColourBy = 'role' | 'label' | 'verdict' | ScoreColours;

interface Scheme {
  /** Seven hues that stay apart for every common kind of colour blindness. */
  hues: readonly Rgb[];
  rest: Rgb;
}

/** Okabe and Ito 2008; on dark ground their dark blue is lightened, on light ground their yellow is darkened. */
const SCHEMES: Record<'dark' | 'light', Scheme> = {
  dark: {
    hues: [
      [86, 180, 233],
      [230, 159, 0],
      [0, 158, 115],
      [240, 228, 66],
      [204, 121, 167],
      [213, 94, 0],
      [92, 142, 255],
    ],
    rest: [158, 160, 166],
  },
  light: {
    hues: [
      [0, 114, 178],
      [230, 159, 0],
      [0, 158, 115],
      [150, 135, 0],
      [204, 121, 167],
      [213, 94, 0],
      [86, 180, 233],
    ],
    rest: [110, 112, 118],
  },
};

interface LegendEntry {
  name: string;
  colour: Rgb;
}

/** Which colour stands for what, and the colour of a point by its index. */
export interface Colouring {
  legend: LegendEntry[];
  /** Of a score: the colours from its low to its high end. */
  scale: { low: number; high: number; colours: Rgb[] } | null;
  colourOf: (index: number) => Rgb;
}

/** Labels are coloured by how many points they have: the seven largest, and one grey for all the others. */
export function colouring(
  points: MapPoints,
  labels: readonly string[],
  by: ColourBy,
  scheme: 'dark' | 'light',
): Colouring {
  const { hues, rest } = SCHEMES[scheme];
  const hue = (i: number): Rgb => hues[i] ?? rest;
  if (by === 'label') return byLabel(points, labels, hues, rest);
  if (typeof by === 'object') return byScore(points, by, scheme, rest);
  const colours: Rgb[] = by === 'role' ? [hue(1), hue(4), hue(0)] : [rest, hue(2), hue(1), hue(5)];
  const names =
    by === 'role'
      ? ROLES.map((role) => ROLE_WORDS[role].adjective)
      : DECISIONS.map((decision) => decisionTitle(decision).toLowerCase());
  const codes = by === 'role' ? points.roles : points.verdicts;
  return {
    scale: null,
    legend: names.map((name, i) => ({ name, colour: colours[i] ?? rest })),
    colourOf: (index) => colours[codes[index] ?? 0] ?? rest,
  };
}

function byLabel(points: MapPoints, labels: readonly string[], hues: readonly Rgb[], rest: Rgb): Colouring {
  const counts = new Uint32Array(labels.length);
  for (const label of points.labels) if (label !== NO_LABEL) counts[label] = (counts[label] ?? 0) + 1;
  const bySize = [...counts.keys()].sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const shown = bySize.slice(0, hues.length);
  // A table rather than a map: it is asked a million times whenever the view changes.
  const placeOf = new Uint8Array(NO_LABEL + 1).fill(shown.length);
  for (const [place, label] of shown.entries()) placeOf[label] = place;
  const colours = [...shown.map((_, i) => hues[i] ?? rest), rest];
  const legend = shown.map((label, i) => ({ name: labels[label] ?? '', colour: hues[i] ?? rest }));
  const others = labels.length - shown.length;
  const name = others > 0 ? `${others} other labels, or none` : 'no label';
  return {
    scale: null,
    legend: [...legend, { name, colour: rest }],
    colourOf: (index) => colours[placeOf[points.labels[index] ?? NO_LABEL] ?? 0] ?? rest,
  };
}

/** Cividis in five steps (Nuñez, Anderton, Renslow 2018): even to the eye, and for every kind of colour blindness. */
const CIVIDIS: Rgb[] = [
  [0, 34, 78],
  [65, 77, 108],
  [124, 123, 120],
  [187, 175, 113],
  [254, 232, 56],
];
/** On dark ground the dark end would be lost, on light ground the light one. */
const SHOWN = { dark: [0.25, 1], light: [0, 0.88] } as const;

function byScore(
  points: MapPoints,
  { codes, low, high }: ScoreColours,
  scheme: 'dark' | 'light',
  rest: Rgb,
): Colouring {
  const [from, to] = SHOWN[scheme];
  const colours = Array.from({ length: 255 }, (_, i) => between(CIVIDIS, from + (to - from) * (i / 254)));
  return {
    legend: [{ name: 'no value', colour: rest }],
    scale: { low, high, colours },
    colourOf: (index) => {
      const code = codes[points.ids[index] ?? 0] ?? 0;
      return code === 0 ? rest : (colours[code - 1] ?? rest);
    },
  };
}

function between(stops: readonly Rgb[], share: number): Rgb {
  const at = share * (stops.length - 1);
  const [a, b] = [stops[Math.floor(at)] ?? [0, 0, 0], stops[Math.ceil(at)] ?? [0, 0, 0]];
  const part = at - Math.floor(at);
  return [0, 1, 2].map((k) => Math.round((a[k] ?? 0) * (1 - part) + (b[k] ?? 0) * part)) as unknown as Rgb;
}
