import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { internationalTextChunk, png, stealthPixels, textChunk } from '../testing/build.ts';
import { A1111, inExif, inPng, jpeg, userComment } from '../testing/metadata.ts';
import { readMetadata } from './read.ts';

describe('InvokeAI', () => {
  it('reads invokeai_metadata', () => {
    const record = {
      positive_prompt: 'p',
      negative_prompt: 'n',
      seed: 3,
      scheduler: 'euler',
      steps: 9,
      cfg_scale: 2,
      model: { name: 'm', hash: 'h' },
      loras: [
        { model: { name: 'ink' }, weight: 0.7 },
        { lora: { model_name: 'light' }, weight: 1 },
      ],
    };
    const raw = JSON.stringify(record);
    expect(inPng([textChunk('invokeai_metadata', raw)])).toEqual({
      tool: 'invokeai',
      prompt: 'p',
      negativePrompt: 'n',
      seed: '3',
      sampler: 'euler',
      steps: 9,
      cfg: 2,
      modelName: 'm',
      modelHash: 'h',
      loras: 'ink, light',
      raw,
    });
  });

  it('reads sd-metadata and Dream, whose negative prompt is in brackets', () => {
    const sd = JSON.stringify({
      model_weights: 'w',
      model_hash: 'h',
      image: {
        prompt: [{ prompt: 'a boat [fog, rain] at sea', weight: 1 }],
        seed: 8,
        steps: 5,
        cfg_scale: 3,
        sampler: 'k_lms',
      },
    });
    const dream = '"a boat [fog, rain]" -s 50 -S 2980747362 -W 512 -H 768 -C 7.5 -A k_lms -G 0.9';
    expect(inPng([textChunk('Dream', dream), textChunk('sd-metadata', sd)])).toMatchObject({
      tool: 'invokeai',
      negativePrompt: 'fog, rain',
      seed: '8',
      modelName: 'w',
      modelHash: 'h',
      raw: sd,
    });
    expect(inPng([textChunk('Dream', dream)])).toMatchObject({
      prompt: 'a boat',
      negativePrompt: 'fog, rain',
      seed: '2980747362',
      steps: 50,
      cfg: 7.5,
      sampler: 'k_lms',
    });
  });
});

describe('other writers', () => {
  it('reads NovelAI, in chunks and hidden in alpha', () => {
    const texts = {
      Title: 'AI generated image',
      Description: 'a lake',
      Software: 'NovelAI',
      Source: 'Stable Diffusion XL 4BE8C60C',
      Comment: '{"steps": 28, "sampler": "k_euler", "seed": 22, "scale": 5.0, "uc": "bad"}',
    };
    const facts = {
      tool: 'novelai',
      prompt: 'a lake',
      negativePrompt: 'bad',
      seed: '22',
      sampler: 'k_euler',
      steps: 28,
      cfg: 5,
      modelName: 'Stable Diffusion XL',
      modelHash: '4BE8C60C',
    };
    expect(inPng(Object.entries(texts).map(([key, text]) => textChunk(key, text)))).toMatchObject(facts);
    const alpha = stealthPixels(80, 80, 'stealth_pngcomp', gzipSync(JSON.stringify(texts))).filter(
      (_, i) => i % 4 === 3,
    );
    const bytes = png({ width: 2, height: 2, colourType: 6 });
    expect(readMetadata(bytes, 'png', { width: 80, height: 80, alpha }).metadata).toMatchObject(facts);
  });

  it('reads Fooocus in both schemes, in PNG and EXIF', () => {
    const record = JSON.stringify({
      prompt: 'p',
      negative_prompt: '',
      seed: '6952411511246973023',
      steps: 30,
      guidance_scale: 4,
      base_model: 'b',
      base_model_hash: 'h',
      sampler: 's',
      loras: [
        ['ink.safetensors', 0.5, 'h'],
        ['None', 1],
      ],
    });
    const facts = {
      tool: 'fooocus',
      prompt: 'p',
      negativePrompt: null,
      seed: '6952411511246973023',
      cfg: 4,
      modelName: 'b',
      modelHash: 'h',
      loras: 'ink',
    };
    expect(inPng([textChunk('parameters', record), textChunk('fooocus_scheme', 'fooocus')])).toMatchObject(
      facts,
    );
    for (const found of inExif({
      0x9286: userComment('ASCII', Buffer.from(record)),
      0x927c: Buffer.from('fooocus'),
    })) {
      expect(found).toMatchObject(facts);
    }
    expect(inPng([textChunk('parameters', A1111), textChunk('fooocus_scheme', 'a1111')])).toMatchObject({
      tool: 'fooocus',
      modelName: 'realistic_v20',
    });
  });

  it('reads the arguments of diffusers calls from EXIF, XMP and PNG texts', () => {
    const record = JSON.stringify({
      prompt: 'p',
      num_inference_steps: 25,
      guidance_scale: 7.5,
      seed: 4,
      model_id: 'org/model',
    });
    const facts = { tool: 'diffusers', prompt: 'p', steps: 25, cfg: 7.5, seed: '4', modelName: 'org/model' };
    for (const found of inExif({ 0x010e: Buffer.from(record) })) expect(found).toMatchObject(facts);
    const escaped = record.replaceAll('"', '&quot;');
    const packet = `<x:xmpmeta><rdf:Description exif:UserComment="${escaped}"/></x:xmpmeta>`;
    expect(inPng([internationalTextChunk('XML:com.adobe.xmp', packet)])).toMatchObject(facts);
    const texts = {
      prompt: 'p',
      num_inference_steps: '25',
      guidance_scale: '7.5',
      seed: '4',
      model_id: 'org/model',
    };
    expect(inPng(Object.entries(texts).map(([key, text]) => textChunk(key, text)))).toMatchObject(facts);
  });

  it('knows generators that only sign', () => {
    for (const found of inExif({ 0x0131: Buffer.from('Adobe Firefly') }))
      expect(found).toMatchObject({ tool: 'signed', prompt: null, raw: 'Adobe Firefly' });
  });

  it('finds nothing in ordinary files', () => {
    expect(inPng([textChunk('Software', 'GIMP 2.10'), textChunk('Comment', 'Created with GIMP')])).toBeNull();
    for (const found of inExif({ 0x010f: Buffer.from('Canon'), 0x0110: Buffer.from('EOS R5') }))
      expect(found).toBeNull();
    expect(readMetadata(jpeg, 'jpeg')).toEqual({
      metadata: null,
      marks: { digitalSourceType: null, hasC2pa: false },
    });
  });
});
