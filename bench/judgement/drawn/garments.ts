// Clothes laid out flat, several of them easily mistaken for each other, and two kinds of shoe that nearly look alike.
import { Random } from '../../../imaging/random.ts';
import { hsl, path, svg, symmetric, type DrawnWorld } from './define.ts';

type Half = [number, number][];

interface Cut {
  outline(r: Random): Half;
  details(r: Random, line: string): string;
}

const TORSO = (r: Random, sleeve: number, hem: number, flare: number): Half => {
  const shoulder = r.uniform(17, 21);
  const cuff = r.uniform(4, 6);
  const body = r.uniform(14, 17);
  return [
    [r.uniform(5, 8), 14],
    [shoulder, 19],
    [shoulder + 5 + sleeve * 0.25, 22 + sleeve],
    [shoulder + 4 + sleeve * 0.25 - cuff, 24 + sleeve],
    [body, 36],
    [body + flare, hem],
  ];
};

const line = (d: string, colour: string, width = 0.8): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;

const buttons = (from: number, to: number, count: number, colour: string): string =>
  Array.from(
    { length: count },
    (_, i) => `<circle cx="50" cy="${from + (i * (to - from)) / count}" r="0.9" fill="${colour}"/>`,
  ).join('');

const CUTS: Record<string, Cut> = {
  't-shirt': {
    outline: (r) => TORSO(r, r.uniform(10, 16), r.uniform(72, 80), r.uniform(-1, 2)),
    details: (_r, c) => line('M43 15Q50 22 57 15', c, 1.2),
  },
  pullover: {
    outline: (r) => TORSO(r, r.uniform(36, 44), r.uniform(72, 80), r.uniform(-2, 1)),
    details: (_r, c) => line('M43 15Q50 20 57 15', c, 1.6) + line('M35 74H65', c),
  },
  shirt: {
    outline: (r) => TORSO(r, r.uniform(34, 44), r.uniform(74, 82), r.uniform(-1, 2)),
    details: (r, c) =>
      line('M44 14L50 21L56 14', c, 1.2) + line('M50 21V76', c) + buttons(26, 76, 5 + r.integer(3), c),
  },
  coat: {
    outline: (r) => TORSO(r, r.uniform(38, 46), r.uniform(84, 92), r.uniform(0, 5)),
    details: (r, c) =>
      line('M43 14L50 34L57 14', c, 1.4) + line('M50 34V88', c) + buttons(40, 80, 2 + r.integer(3), c),
  },
  dress: {
    outline: (r) => {
      const waist = r.uniform(9, 12);
      return [
        [4, 12],
        [r.uniform(9, 12), 13],
        [waist + 2, 28],
        [waist, r.uniform(40, 46)],
        [r.uniform(17, 28), r.uniform(84, 92)],
      ];
    },
    details: (_r, c) => line('M39 43H61', c, 1.4),
  },
  skirt: {
    outline: (r) => [
      [r.uniform(11, 14), 24],
      [r.uniform(14, 18), 38],
      [r.uniform(20, 30), r.uniform(70, 82)],
    ],
    details: (r, c) =>
      Array.from({ length: 3 + r.integer(3) }, (_, i) => line(`M${44 + i * 3} 30L${36 + i * 7} 74`, c)).join(
        '',
      ),
  },
  trousers: {
    outline: (r) => {
      const leg = r.uniform(8, 11);
      return [
        [r.uniform(12, 15), 12],
        [r.uniform(15, 18), 40],
        [leg + 7, 90],
        [7, 90],
        [2, 42],
      ];
    },
    details: (_r, c) => line('M36 17H64', c, 1.2) + line('M50 17V38', c),
  },
  bag: {
    outline: (r) => [
      [r.uniform(16, 22), r.uniform(40, 46)],
      [r.uniform(24, 32), r.uniform(78, 84)],
    ],
    details: (r, c) => line(`M36 44Q36 ${r.uniform(12, 24)} 50 18Q64 ${r.uniform(12, 24)} 64 44`, c, 2.4),
  },
};

/** Where a thing lies on a smooth ground, its cloth and its shadow. */
function studio(r: Random, generated: boolean, thing: (cloth: string, seam: string) => string): string {
  const hue = r.uniform(0, 360);
  const light = r.uniform(generated ? 30 : 22, generated ? 66 : 74);
  const cloth = hsl(hue, r.uniform(generated ? 35 : 8, generated ? 80 : 55), light);
  const seam = hsl(hue, 25, light > 45 ? light - 24 : light + 26);
  const ground = r.uniform(generated ? 84 : 76, 97);
  const tilt = r.normal() * (generated ? 2 : 4);
  const scale = r.uniform(0.84, 1.04);
  const stripes = r.chance(0.3);
  const definitions = `<radialGradient id="g" cx="${r.uniform(0.2, 0.8)}" cy="0.3" r="0.9"><stop offset="0" stop-color="${hsl(hue + 180, 6, ground)}"/><stop offset="1" stop-color="${hsl(hue + 180, 8, ground - r.uniform(4, 16))}"/></radialGradient><pattern id="p" width="${r.uniform(4, 9)}" height="10" patternUnits="userSpaceOnUse"><rect width="10" height="10" fill="${cloth}"/><rect width="2" height="10" fill="${seam}"/></pattern><filter id="b"><feGaussianBlur stdDeviation="${r.uniform(1, 2.5)}"/></filter>`;
  const moved = (dx: number, dy: number): string =>
    `translate(${50 + dx} ${50 + dy}) rotate(${tilt}) scale(${scale}) translate(-50 -50)`;
  const dx = r.normal() * 2;
  const dy = r.normal() * 2;
  return svg(
    `<rect width="100" height="100" fill="url(#g)"/><g transform="${moved(dx + 1.5, dy + 2)}" filter="url(#b)" opacity="0.35">${thing('#000', '#000')}</g><g transform="${moved(dx, dy)}">${thing(stripes ? 'url(#p)' : cloth, seam)}</g>`,
    definitions,
  );
}

export const garments: DrawnWorld = {
  classes: Object.keys(CUTS),
  size: 112,
  draw(name, generated, random) {
    const cut = CUTS[name]!;
    const outline = path(symmetric(cut.outline(random)));
    const key = random.integer(1e9);
    return studio(random, generated, (cloth, seam) => {
      // Drawn twice, as the thing and as its shadow: both take the same numbers.
      const again = new Random(key);
      return `<path d="${outline}" fill="${cloth}" stroke="${seam}" stroke-width="0.7" stroke-linejoin="round"/>${cut.details(again, seam)}`;
    });
  },
};

/** Two classes apart by the sole and the collar only. */
export const shoes: DrawnWorld = {
  classes: ['court-shoe', 'running-shoe'],
  size: 128,
  draw(name, generated, random) {
    const running = name === 'running-shoe';
    const collar = random.uniform(30, 36) + (running ? 2 : 0);
    const toe = random.uniform(56, 61) + (running ? 1 : 0);
    const heel = running ? random.uniform(8, 11) : random.uniform(5, 7.5);
    const front = running ? random.uniform(3, 5) : random.uniform(4.5, 6.5);
    const upper = path(
      [
        [14, 72],
        [13, collar + 8],
        [17, collar],
        [38, collar + 4],
        [54, random.uniform(46, 52)],
        [78, toe],
        [90, 70],
        [88, 72],
      ],
      true,
      true,
    );
    const sole = path([
      [12, 70],
      [90, 70],
      [92, 70 + front - 2],
      [88, 70 + front],
      [running ? 74 : 60, 70 + front + 1],
      [13, 70 + heel],
      [running ? 9 : 12, 70 + heel - 3],
    ]);
    const laces = Array.from({ length: 3 + random.integer(3) }, (_, i) => {
      const x = 40 + i * 5;
      return line(`M${x} ${collar + 9 + i * 3}l5 -4`, '#eee', 1.3);
    }).join('');
    const swoosh = random.chance(0.6) ? line(`M24 62Q44 ${random.uniform(58, 68)} 66 54`, '#fff', 2) : '';
    const flip = random.chance(0.15) ? 'transform="translate(100 0) scale(-1 1)"' : '';
    return studio(
      random,
      generated,
      (cloth, seam) =>
        `<g ${flip}><path d="${upper}" fill="${cloth}" stroke="${seam}" stroke-width="0.6"/><path d="${sole}" fill="${cloth === '#000' ? '#000' : '#e8e6e0'}" stroke="${seam}" stroke-width="0.5"/>${laces}${swoosh}</g>`,
    );
  },
};
