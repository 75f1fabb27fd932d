import { PART_CLASSES, type PartName } from './classes.ts';
import type { Random } from '../imaging/random.ts';
import type { BenchName } from './backgrounds.ts';

export const GENERATOR = 'partsynth';
export const GENERATOR_VERSION = '2.1';
const NEGATIVE_PROMPT = 'blurry, deformed, extra parts, text, watermark, hands';

/** A request to a generator. */
export interface Request {
  prompt: string;
  /** 32 bits, as generators take them. */
  seed: number;
}

/** Writes the prompt for the label, whatever the generator then draws. */
export function request(random: Random, label: PartName, material: string, bench: BenchName): Request {
  const views = ['top view', 'inspection photo', 'overhead macro photo', 'studio lighting, top view'];
  const noun = PART_CLASSES[label].noun;
  return {
    prompt: `photo of one ${material} ${noun} on a ${bench}, ${random.pick(views)}, sharp focus`.replace(
      '  ',
      ' ',
    ),
    seed: random.integer(2 ** 32),
  };
}

/** Returns the `parameters` text as the AUTOMATIC1111 web UI writes it into PNGs. */
export function a1111Parameters(random: Random, asked: Request, width: number, height: number): string {
  const steps = random.pick([20, 25, 28, 30]);
  const sampler = random.pick(['DPM++ 2M Karras', 'Euler a', 'DPM++ SDE Karras']);
  const cfg = random.pick([5, 6, 6.5, 7, 7.5]);
  return [
    asked.prompt,
    `Negative prompt: ${NEGATIVE_PROMPT}`,
    `Steps: ${steps}, Sampler: ${sampler}, CFG scale: ${cfg}, Seed: ${asked.seed}, Size: ${width}x${height}, ` +
      `Model hash: 5f8c2e91ab, Model: ${GENERATOR}_v${GENERATOR_VERSION}, Version: v1.9.4`,
  ].join('\n');
}
