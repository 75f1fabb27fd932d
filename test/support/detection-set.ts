import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeImage } from './images.ts';

/** More than ten, with what trips readers: digits only, blanks, quotes, marks of YAML, other scripts. */
const CLASSES = [
  'traffic light',
  '10',
  '2',
  '007',
  "driver's door",
  'say "stop"',
  'größe',
  'زرافة',
  '猫',
  'a: b #c',
  'yes',
  'null',
  'no',
  '1e3',
  'Stop-Sign',
];

/** A box as the set writes it: `px` is left, top, width, height; `rel` is centre and size over the image's. */
export type MadeBox = { label: string } & ({ px: number[] } | { rel: number[] });

export interface MadeImage {
  /** Below the folder of its role. */
  path: string;
  sha256: string;
  width: number;
  height: number;
  role: 'real' | 'synthetic' | 'holdout';
  split: string | null;
  label: string | null;
  /** Null: nobody looked for boxes; empty: somebody found none. */
  boxes: MadeBox[] | null;
  generator: string | null;
  prompt: string | null;
  seed: string | null;
}

interface Choice {
  /** Splits to deal out; without any, the images have none. Synthetic images are all in the first, real ones never. */
  splits: (string | null)[];
  boxes: boolean;
  count: number;
}

const SIZES = [
  [64, 48],
  [37, 53],
  [80, 80],
] as const;
const FORMATS = ['png', 'jpeg', 'webp'] as const;
const PROMPTS = ['a photograph,\r\nof "it"', '', 'naïve\0 "café" 👩‍🔬', '=1+1', "O'Brien; Straße", null];

/** Writes `real/`, `synthetic/` and `holdout/`, each a `manifest.jsonl` with its images. Returns what is true of them. */
export async function writeMadeSet(folder: string, choice: Choice): Promise<MadeImage[]> {
  const made: MadeImage[] = [];
  for (let i = 0; i < choice.count; i++) {
    const role = i % 8 === 7 ? 'holdout' : i % 8 >= 4 ? 'synthetic' : 'real';
    const [width, height] = SIZES[i % SIZES.length]!;
    const { bytes, sha256, format } = await makeImage(9000 + i, FORMATS[i % 3], width, height);
    const [first = null, ...others] = choice.splits;
    const target =
      role === 'synthetic' || others.length === 0 ? first : others[(i + (i >> 3)) % others.length]!;
    const isMade = role === 'synthetic';
    const image: MadeImage = {
      path: `sub folder/${String(i).padStart(3, '0')}.${format === 'jpeg' ? 'jpg' : format}`,
      sha256,
      width,
      height,
      role,
      split: target,
      ...targetsOf(i, choice, width, height),
      generator: isMade ? 'test-gen' : null,
      prompt: isMade ? PROMPTS[i % PROMPTS.length]! : null,
      seed: isMade ? String(2n ** 64n - 1n - BigInt(i)) : null,
    };
    mkdirSync(join(folder, role, 'sub folder'), { recursive: true });
    writeFileSync(join(folder, role, image.path), bytes);
    made.push(image);
  }
  for (const role of ['real', 'synthetic', 'holdout'] as const) {
    const lines = made.filter((image) => image.role === role).map((image) => `${manifestLine(image)}\n`);
    writeFileSync(join(folder, role, 'manifest.jsonl'), lines.join(''));
  }
  return made;
}

function manifestLine({ path, split, label, boxes, generator, prompt, seed }: MadeImage): string {
  return JSON.stringify({
    path,
    split,
    label,
    generator,
    prompt,
    seed,
    boxes: boxes?.map((box) =>
      'px' in box
        ? { label: box.label, format: 'xywh-pixel', values: box.px }
        : { label: box.label, format: 'cxcywh-relative', values: box.rel },
    ),
  });
}

/** One kind of image after the other, so that each occurs in every split. */
function targetsOf(
  i: number,
  { boxes }: Choice,
  width: number,
  height: number,
): Pick<MadeImage, 'label' | 'boxes'> {
  const name = (n: number): string => CLASSES[n % CLASSES.length]!;
  const label = name(i);
  if (!boxes) return { label: i % 11 === 5 ? null : label, boxes: null };
  const kinds: Pick<MadeImage, 'label' | 'boxes'>[] = [
    { label, boxes: [{ label, px: [10 / 3, 4.25, 20.1, 11.7] }] },
    {
      label: null,
      boxes: [
        { label, rel: [0.25, 0.5, 0.2, 0.3] },
        { label: name(i + 1), px: [1, 2, 3, 4] },
        { label: name(i + 2), px: [5.5, 6.5, 7.25, 8.75] },
      ],
    },
    { label: null, boxes: [] },
    { label, boxes: null },
    { label: null, boxes: null },
    // At the border.
    {
      label,
      boxes: [
        { label, rel: [0.5, 0.5, 1, 1] },
        { label, px: [0, 0, width, height] },
      ],
    },
    // Beyond it, on every side.
    {
      label: null,
      boxes: [
        { label, px: [-5, -3, 20, 10] },
        { label: name(i + 3), px: [width - 4, height - 4, 10, 10] },
        { label, rel: [0.05, 0.5, 0.3, 0.2] },
        { label, rel: [0.9, 0.95, 0.4, 0.2] },
      ],
    },
    // Nothing to see in three of them: no height, a negative width, all of it outside.
    {
      label,
      boxes: [
        { label, px: [5, 5, 0, 3] },
        { label, px: [12, 10, -4, 5] },
        { label, px: [width + 5, 5, 4, 4] },
        { label, px: [8, 8, 9, 9] },
      ],
    },
  ];
  return kinds[(i * 3) % kinds.length]!;
}
