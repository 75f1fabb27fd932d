import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const COLOURS = { brick: [170, 60, 40], leaf: [50, 140, 60], water: [40, 80, 170] } as const;
const CLASSES = Object.keys(COLOURS) as (keyof typeof COLOURS)[];

/** What was put into the set on purpose, by path below its role's folder. */
export interface Dataset {
  folder: string;
  wrongLabels: string[];
  leak: string;
  seedCopy: string;
  exactDuplicate: string;
  broken: string[];
}

/** A picture of a class: its colour, a pattern of its own, noise; the same number gives the same bytes. */
async function picture(name: keyof typeof COLOURS, number: number): Promise<Buffer> {
  const size = 48;
  const pixels = Buffer.alloc(size * size * 3);
  let state = (number * 7919 + CLASSES.indexOf(name) * 104_729 + 1) >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const [phase, tilt, pitch] = [random() * 6, random() * 2, 6 + random() * 6];
  const [cx, cy, radius] = [12 + random() * 24, 12 + random() * 24, 6 + random() * 8];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const wave = 30 * Math.sin(phase + (x + tilt * y) / pitch);
      const disc = Math.hypot(x - cx, y - cy) < radius ? 45 : 0;
      for (let c = 0; c < 3; c++)
        pixels[(y * size + x) * 3 + c] = Math.max(
          0,
          Math.min(255, COLOURS[name][c]! + wave + disc + 8 * (random() - 0.5)),
        );
    }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes `real/`, `holdout/` (class folders) and `synthetic/` (Hugging Face imagefolder) with known faults. */
export async function writeDataset(folder: string, synthetic = 90): Promise<Dataset> {
  for (const [role, count] of [
    ['real', 24],
    ['holdout', 6],
  ] as const)
    for (const [c, name] of CLASSES.entries()) {
      mkdirSync(join(folder, role, name), { recursive: true });
      for (let i = 0; i < count; i++)
        writeFileSync(
          join(folder, role, name, `${i}.png`),
          await picture(name, (role === 'real' ? 1000 : 2000) + 100 * c + i),
        );
    }
  const set: Dataset = {
    folder,
    wrongLabels: [],
    leak: 'leak.png',
    seedCopy: 'seed-copy.png',
    exactDuplicate: 'twin.png',
    broken: ['empty.png', 'text.jpg', 'torn.png'],
  };
  const target = join(folder, 'synthetic');
  mkdirSync(target, { recursive: true });
  const lines: object[] = [];
  for (let i = 0; i < synthetic; i++) {
    const name = CLASSES[i % 3]!;
    const file = `s${String(i).padStart(4, '0')}.png`;
    writeFileSync(join(target, file), await picture(name, 5000 + i));
    const wrong = i % 30 === 7;
    if (wrong) set.wrongLabels.push(file);
    lines.push({
      file_name: file,
      label: wrong ? CLASSES[(i + 1) % 3] : name,
      generator: 'test-gen',
      seed: i,
      prompt: `a ${name}, no. ${i}`,
    });
  }
  copyFileSync(join(folder, 'holdout', 'leaf', '2.png'), join(target, set.leak));
  const seed = sharp(readFileSync(join(folder, 'real', 'water', '3.png')));
  writeFileSync(join(target, set.seedCopy), await seed.jpeg({ quality: 92 }).toBuffer());
  copyFileSync(join(target, 's0003.png'), join(target, set.exactDuplicate));
  writeFileSync(join(target, 'empty.png'), '');
  writeFileSync(join(target, 'text.jpg'), 'no picture at all');
  writeFileSync(join(target, 'torn.png'), (await picture('leaf', 1)).subarray(0, 900));
  for (const [file, label] of [
    [set.leak, 'leaf'],
    [set.seedCopy, 'water'],
    [set.exactDuplicate, 'brick'],
    ...set.broken.map((name) => [name, 'leaf']),
  ])
    lines.push({ file_name: file, label });
  writeFileSync(join(target, 'metadata.jsonl'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  return set;
}
