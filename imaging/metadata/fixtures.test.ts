import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decode.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { sharedData } from '../testing/shared.ts';
import type { GenerationMetadata, OriginMarks } from '../types.ts';

const shared = sharedData('metadata-fixtures');

interface Expected {
  code?: string;
  metadata?: Partial<GenerationMetadata> | null;
  marks?: Partial<OriginMarks>;
}

const DUCK: Partial<GenerationMetadata> = {
  tool: 'a1111',
  prompt: 'photo of a duck',
  negativePrompt: 'monochrome',
  seed: '235284042',
  sampler: 'UniPC',
  steps: 15,
  cfg: 5,
  modelName: 'realistic_realisticVisionV20_v20',
  modelHash: 'c0d1994c73',
};

const WRITTEN: Record<string, Partial<GenerationMetadata> | null> = {
  'AUTOMATIC1111--automatic1111_cropped.jpg': DUCK,
  'AUTOMATIC1111--automatic1111_cropped.png': DUCK,
  'AUTOMATIC1111--automatic1111_stealth.png': {
    tool: 'a1111',
    prompt: 'a circle',
    negativePrompt: 'a square',
    seed: '2015833630',
  },
  'ComfyUI--img2img_cropped.png': {
    tool: 'comfyui',
    prompt: 'photograph of victorian woman with wings, sky clouds, meadow grass',
    negativePrompt: 'watermark, text',
    seed: '280823642470253',
    modelName: 'v1-5-pruned-emaonly.ckpt',
  },
  'ComfyUI--night_evening_day_morning_cropped.png': {
    tool: 'comfyui',
    seed: '335608130539327',
    steps: 13,
    cfg: 8.5,
    modelName: 'Anything-V3.0.ckpt',
  },
  'ComfyUI--noisy_latents_3_subjects_cropped.png': {
    tool: 'comfyui',
    sampler: 'uni_pc',
    steps: 16,
    cfg: 6.5,
  },
  'ComfyUI--unclip_2pass_cropped.png': {
    tool: 'comfyui',
    prompt:
      '(waifu, anime, exceptional, best aesthetic, new, newest, best quality, masterpiece, extremely detailed:1.2)',
    seed: '1106257833005336',
  },
  'Fooocus--fooocus1_cropped.png': {
    tool: 'fooocus',
    prompt: 'a smiling goldfish',
    negativePrompt: null,
    seed: '6952411511246973023',
    cfg: 4,
  },
  'InvokeAI--invokeai_dream1.png': {
    tool: 'invokeai',
    negativePrompt: 'rendering, glowing eyes, skinny',
    seed: '2980747362',
    steps: 50,
    cfg: 5,
    sampler: 'k_lms',
  },
  'InvokeAI--invokeai_imeta1.png': {
    tool: 'invokeai',
    prompt: 'digital artwork, oil painting. painterly brushstrokes, holidays,',
    seed: '3293022630',
    modelName: 'juggernautXL',
  },
  'InvokeAI--invokeai_sdmeta1.png': {
    tool: 'invokeai',
    negativePrompt: 'rendering, glowing eyes, skinny',
    modelName: 'deliberateForInvoke_v08',
  },
  'NovelAI--novelai1_cropped.png': {
    tool: 'novelai',
    prompt: 'masterpiece, best quality,  cat, space, icon',
    seed: '2253955223',
    modelHash: '1D44365E',
  },
  'bad_images--empty_image.jpg': null,
  'bad_images--empty_image.png': null,
  'bad_images--text_after_idat.png': DUCK,
};

const FILES: Record<string, Expected> = {
  ...Object.fromEntries(
    Object.entries(WRITTEN).map(([name, metadata]) => [name, { metadata, marks: { hasC2pa: false } }]),
  ),
  'bad_images--empty_file.png': { code: 'EMPTY' },
  'c2pa--C.jpg': { metadata: null, marks: { hasC2pa: true } },
  'c2pa--CA.jpg': { metadata: null, marks: { hasC2pa: true } },
  'c2pa--E-clm-CAICAI.jpg': { metadata: null, marks: { hasC2pa: true } },
  'c2pa--E-sig-CA.jpg': { metadata: null, marks: { hasC2pa: true } },
};

describe.skipIf(shared.isAbsent)(`files of real writers${shared.reason}`, () => {
  it('covers every file', () => {
    expect(readdirSync(shared.folder).sort()).toEqual(Object.keys(FILES).sort());
  });

  it.each(Object.entries(FILES))('%s', async (name, expected) => {
    const request = { path: name, root: shared.folder, thumbs: null, objects: null, geometry: null };
    const outcome = await decodeImage(request, DEFAULT_LIMITS);
    expect(outcome).toMatchObject(expected);
  });
});
