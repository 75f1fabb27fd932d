import { describe, expect, it } from 'vitest';
import { textChunk } from '../testing/build.ts';
import { A1111, inExif, inPng } from '../testing/metadata.ts';

/** A graph with both a guider and a plain sampler, a refiner, shared nodes, and a loop. */
const NODES = {
  '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'base.safetensors' } },
  '2': { class_type: 'CLIPTextEncode', inputs: { text: 'a fox', clip: ['1', 1] } },
  '3': { class_type: 'CLIPTextEncode', inputs: { text: ['9', 0], clip: ['1', 1] } },
  '4': {
    class_type: 'KSamplerAdvanced',
    inputs: {
      add_noise: 'enable',
      noise_seed: 77,
      steps: 20,
      cfg: 7,
      sampler_name: 'euler',
      positive: ['2', 0],
      negative: ['3', 0],
      model: ['8', 0],
    },
  },
  '5': {
    class_type: 'KSamplerAdvanced',
    inputs: {
      add_noise: 'disable',
      noise_seed: 0,
      steps: 30,
      cfg: 6,
      sampler_name: 'uni_pc',
      positive: ['7', 0],
      negative: ['7', 1],
      model: ['8', 0],
      latent_image: ['4', 0],
    },
  },
  '6': { class_type: 'SaveImage', inputs: { images: ['10', 0] } },
  '7': {
    class_type: 'ControlNetApplyAdvanced',
    inputs: { positive: ['2', 0], negative: ['3', 0], strength: 1 },
  },
  '8': { class_type: 'LoraLoader', inputs: { model: ['1', 0], lora_name: 'x' } },
  '9': { class_type: 'StringNode', inputs: { value: 'low quality' } },
  '10': { class_type: 'VAEDecode', inputs: { samples: ['5', 0] } },
};

const FLUX = {
  '1': { class_type: 'UNETLoader', inputs: { unet_name: 'flux-dev' } },
  '2': {
    class_type: 'CLIPTextEncodeFlux',
    inputs: { clip_l: 'a heron', t5xxl: 'a heron at dawn', guidance: 3.5 },
  },
  '3': { class_type: 'RandomNoise', inputs: { noise_seed: 1 } },
  '4': { class_type: 'BasicGuider', inputs: { model: ['1', 0], conditioning: ['2', 0] } },
  '5': { class_type: 'KSamplerSelect', inputs: { sampler_name: 'euler' } },
  '6': { class_type: 'BasicScheduler', inputs: { scheduler: 'simple', steps: 24, model: ['1', 0] } },
  '7': {
    class_type: 'SamplerCustomAdvanced',
    inputs: { noise: ['3', 0], guider: ['4', 0], sampler: ['5', 0], sigmas: ['6', 0] },
  },
  '8': { class_type: 'SaveImage', inputs: { images: ['7', 0] } },
};

const WORKFLOW = {
  nodes: [
    { id: 1, type: 'CheckpointLoaderSimple', widgets_values: ['base.ckpt'] },
    { id: 2, type: 'CLIPTextEncode', widgets_values: ['a hare'] },
    { id: 3, type: 'CLIPTextEncode', widgets_values: ['dull'] },
    {
      id: 4,
      type: 'KSampler',
      widgets_values: [5, 'randomize', 12, 4.5, 'ddim', 'normal', 1],
      inputs: [
        { name: 'model', link: 10 },
        { name: 'positive', link: 11 },
        { name: 'negative', link: 12 },
        { name: 'latent_image', link: null },
      ],
    },
  ],
  links: [
    [10, 1, 0, 4, 0, 'MODEL'],
    [11, 2, 0, 4, 1, 'CONDITIONING'],
    [12, 3, 0, 4, 2, 'CONDITIONING'],
  ],
};

describe('ComfyUI', () => {
  it('walks from the sampler to encoders, loaders and noise', () => {
    expect(inPng([textChunk('prompt', JSON.stringify(NODES))])).toMatchObject({
      tool: 'comfyui',
      prompt: 'a fox',
      negativePrompt: 'low quality',
      seed: '77',
      sampler: 'uni_pc',
      steps: 30,
      cfg: 6,
      modelName: 'base.safetensors',
      modelHash: null,
    });
  });

  it('walks through guiders, keeping seeds beyond 2^53', () => {
    const text = JSON.stringify(FLUX).replace(/"noise_seed":\d+/, '"noise_seed":18446744073709551557');
    expect(inPng([textChunk('prompt', text)])).toMatchObject({
      prompt: 'a heron\na heron at dawn',
      negativePrompt: null,
      seed: '18446744073709551557',
      sampler: 'euler',
      steps: 24,
      modelName: 'flux-dev',
    });
  });

  it('reads WebP that keeps both texts in EXIF', () => {
    const tags = {
      0x010f: Buffer.from(`workflow:${JSON.stringify(WORKFLOW)}`),
      0x0110: Buffer.from(`prompt:${JSON.stringify(NODES)}`),
    };
    for (const found of inExif(tags)) expect(found).toMatchObject({ tool: 'comfyui', prompt: 'a fox' });
  });

  it('falls back on the editor file', () => {
    expect(inPng([textChunk('workflow', JSON.stringify(WORKFLOW))])).toMatchObject({
      tool: 'comfyui',
      prompt: 'a hare',
      negativePrompt: 'dull',
      seed: '5',
      sampler: 'ddim',
      steps: 12,
      cfg: 4.5,
      modelName: 'base.ckpt',
    });
  });

  it('fills gaps from the text that some savers add', () => {
    const graph = textChunk('prompt', JSON.stringify({ '1': { class_type: 'Odd', inputs: {} } }));
    const found = inPng([graph, textChunk('parameters', A1111)]);
    expect(found).toMatchObject({ tool: 'comfyui', modelHash: 'c0d1994c73', seed: '18446744073709551615' });
    expect(found?.raw).toContain('"Odd"');
    expect(found?.raw).toContain('photo of a duck');
  });

  it('accepts what Python writes for not-a-number', () => {
    const text = JSON.stringify(NODES).replace(
      '"strength":1',
      '"strength":NaN,"is_changed":[NaN,-Infinity,-1]',
    );
    expect(inPng([textChunk('prompt', text)])).toMatchObject({ prompt: 'a fox' });
  });

  it('ends on loops and on links to nowhere', () => {
    const loop = structuredClone<Record<string, { class_type: string; inputs: object }>>(NODES);
    loop['2'] = {
      class_type: 'ConditioningCombine',
      inputs: { conditioning_1: ['2', 0], conditioning_2: ['99', 0] },
    };
    loop['8'] = { class_type: 'LoraLoader', inputs: { model: ['8', 0] } };
    expect(inPng([textChunk('prompt', JSON.stringify(loop))])).toMatchObject({
      prompt: null,
      modelName: null,
      steps: 30,
    });
  });
});
