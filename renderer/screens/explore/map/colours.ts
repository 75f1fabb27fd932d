import { DECISIONS, decisionTitle, ROLE_WORDS, ROLES } from '../../../../rpc/contract/terms.ts';
import { NO_LABEL } from '../../../../rpc/contract/maps.ts';
import type { MapPoints } from './points.ts';

type Rgb = readonly [number, number, number];
type ColourBy = 'role' | 'label' | 'verdict';

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

export interface LegendEntry {
  name: string;
  colour: Rgb;
}

/** Which colour stands for what, and the colour of a point by its index. */
export interface Colouring {
  legend: LegendEntry[];
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
  const colours: Rgb[] = by === 'role' ? [hue(1), hue(4), hue(0)] : [rest, hue(2), hue(1), hue(5)];
  const names =
    by === 'role'
      ? ROLES.map((role) => ROLE_WORDS[role].adjective)
      : DECISIONS.map((decision) => decisionTitle(decision).toLowerCase());
  const codes = by === 'role' ? points.roles : points.verdicts;
  return {
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
    legend: [...legend, { name, colour: rest }],
    colourOf: (index) => colours[placeOf[points.labels[index] ?? NO_LABEL] ?? 0] ?? rest,
  };
}
