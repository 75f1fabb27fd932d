// Line drawings: a few strokes by an unsteady hand, in pencil or, where generated, in ink.
import type { Random } from '../../../imaging/random.ts';
import { hsl, path, svg, type DrawnWorld } from './define.ts';

type Stroke = [number, number][];

const ring = (x: number, y: number, rx: number, ry = rx, from = 0, to = 360): Stroke =>
  Array.from({ length: 19 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 18) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });

const box = (x: number, y: number, w: number, h: number): Stroke => [
  [x, y],
  [x + w, y],
  [x + w, y + h],
  [x, y + h],
  [x, y],
];

const star = (points: number, inner: number): Stroke =>
  Array.from({ length: points * 2 + 1 }, (_, i) => {
    const radius = i % 2 === 0 ? 36 : inner;
    const angle = (Math.PI * i) / points - Math.PI / 2;
    return [50 + radius * Math.cos(angle), 50 + radius * Math.sin(angle)];
  });

const THINGS: Record<string, (r: Random) => Stroke[]> = {
  house: (r) => [
    box(22, 46, 56, 40),
    [
      [16, 48],
      [50, r.uniform(14, 24)],
      [84, 48],
    ],
    box(r.uniform(28, 60), 64, 12, 22),
    box(r.uniform(28, 58), 50, 10, 9),
  ],
  church: (r) => [
    box(40, 54, 44, 32),
    [
      [38, 55],
      [62, r.uniform(34, 40)],
      [86, 55],
    ],
    box(20, 40, 20, 46),
    [
      [18, 41],
      [30, r.uniform(8, 16)],
      [42, 41],
    ],
  ],
  tree: (r) => [
    [
      [46, 88],
      [47, 58],
    ],
    [
      [54, 88],
      [53, 58],
    ],
    ring(50, 38, r.uniform(20, 28), r.uniform(20, 26)),
  ],
  mushroom: (r) => [
    [
      [42, 86],
      [44, 52],
    ],
    [
      [58, 86],
      [56, 52],
    ],
    ring(50, 52, r.uniform(26, 34), r.uniform(26, 34), 180, 360),
    [
      [18, 52],
      [82, 52],
    ],
  ],
  fish: (r) => [
    ring(44, 50, 28, r.uniform(13, 18)),
    [
      [70, 50],
      [90, r.uniform(32, 38)],
      [86, 50],
      [90, 66],
      [70, 50],
    ],
    ring(28, 46, 2),
  ],
  boat: (r) => [
    [
      [14, 66],
      [86, 66],
      [72, 84],
      [28, 84],
      [14, 66],
    ],
    [
      [50, 66],
      [50, 14],
    ],
    [
      [53, 18],
      [r.uniform(74, 84), 60],
      [53, 60],
      [53, 18],
    ],
  ],
  cup: (r) => [
    [
      [26, 32],
      [30, 80],
      [62, 80],
      [66, 32],
    ],
    ring(46, 32, 20, r.uniform(4, 7)),
    ring(67, 52, r.uniform(10, 14), 13, -90, 90),
  ],
  jug: (r) => [
    [
      [34, 20],
      [26, 56],
      [34, 84],
      [62, 84],
      [68, 56],
      [60, 20],
    ],
    ring(47, 20, 13, r.uniform(3, 5)),
    ring(66, 46, r.uniform(12, 16), 18, -80, 80),
  ],
  star: (r) => [star(5, r.uniform(12, 18))],
  sun: (r) => [
    ring(50, 50, r.uniform(14, 20)),
    ...Array.from({ length: 8 + r.integer(4) }, (_, i): Stroke => {
      const angle = i * 0.6;
      return [
        [50 + 24 * Math.cos(angle), 50 + 24 * Math.sin(angle)],
        [50 + 38 * Math.cos(angle), 50 + 38 * Math.sin(angle)],
      ];
    }),
  ],
};

export const drawings: DrawnWorld = {
  classes: Object.keys(THINGS),
  size: 120,
  draw(name, generated, random) {
    const shake = generated ? 0.9 : 1.5;
    const tilt = random.normal() * 7;
    const scale = random.uniform(0.72, 1);
    const ink = generated ? hsl(random.uniform(200, 260), 60, 22) : hsl(0, 0, random.uniform(18, 42));
    const paper = generated ? hsl(210, 20, 98) : hsl(random.uniform(30, 55), 30, random.uniform(84, 94));
    const width = random.uniform(0.9, generated ? 2.2 : 1.8);
    const strokes = THINGS[name]!(random).map((stroke) => {
      const shaken = stroke.map(([x, y]): [number, number] => [
        x + random.normal() * shake,
        y + random.normal() * shake,
      ]);
      return `<path d="${path(shaken, false, stroke.length > 8)}"/>`;
    });
    const rules = !generated && random.chance(0.3);
    const lines = Array.from(
      { length: rules ? 9 : 0 },
      (_, i) => `<path d="M0 ${i * 12}H100" stroke="#9bd" stroke-width="0.4"/>`,
    );
    const x = 50 + random.normal() * 4;
    const y = 50 + random.normal() * 4;
    return svg(
      `<rect width="100" height="100" fill="${paper}"/>${lines.join('')}<g fill="none" stroke="${ink}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" transform="translate(${x} ${y}) rotate(${tilt}) scale(${scale}) translate(-50 -50)">${strokes.join('')}</g>`,
    );
  },
};
