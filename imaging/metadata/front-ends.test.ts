import { describe, expect, it } from 'vitest';
import {
  compressedTextChunk,
  internationalTextChunk,
  png,
  pngChunk,
  textChunk,
  withChunks,
  withSegments,
} from '../testing/build.ts';
import { inExif, inPng, jpeg, userComment, webp } from '../testing/metadata.ts';
import { readMetadata } from './read.ts';

/** A user comment as most front ends write it: UTF-16, in either byte order. */
function unicode(text: string, isBig = false): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return userComment('UNICODE', isBig ? bytes.swap16() : bytes);
}

describe('SwarmUI', () => {
  const record = {
    sui_image_params: {
      prompt: 'a cat, 猫',
      negativeprompt: 'dull',
      model: 'Flux/flux1-dev',
      seed: '123456789012345678',
      steps: 25,
      cfgscale: 1.0,
      fluxguidancescale: '3.5',
      comfyuisampler: 'euler',
      swarm_version: '0.9.7.4',
    },
    sui_models: [
      { name: 'x.safetensors', param: 'used_loras', hash: '0x11' },
      { name: 'flux1-dev.safetensors', param: 'model', hash: '0x22d8' },
    ],
  };
  const text = JSON.stringify(record, null, 2);
  const facts = {
    tool: 'swarmui',
    prompt: 'a cat, 猫',
    negativePrompt: 'dull',
    seed: '123456789012345678',
    sampler: 'euler',
    steps: 25,
    cfg: 3.5,
    modelName: 'Flux/flux1-dev',
    modelHash: '22d8',
  };

  it('is read from PNG, before and after the pixels, and from EXIF', () => {
    const chunk = internationalTextChunk('parameters', text);
    expect(inPng([chunk])).toMatchObject({ ...facts, raw: text });
    expect(inPng([], [chunk])).toMatchObject(facts);
    for (const comment of [unicode(text), unicode(text, true)])
      for (const found of inExif({ 0x9286: comment })) expect(found).toMatchObject(facts);
    for (const found of inExif({ 0x0110: Buffer.from(text) })) expect(found).toMatchObject(facts);
  });

  it('says more than the graph beside it, which is kept too', () => {
    const graph = '{"1": {"class_type": "SaveImage", "inputs": {}}}';
    const found = inPng([textChunk('prompt', graph), internationalTextChunk('parameters', text)]);
    expect(found).toMatchObject(facts);
    expect(found?.raw).toContain(graph);
  });

  it('keeps a real scale', () => {
    const real = { sui_image_params: { ...record.sui_image_params, cfgscale: 7 } };
    expect(inPng([textChunk('parameters', JSON.stringify(real))])).toMatchObject({ cfg: 7 });
  });
});

describe('Easy Diffusion', () => {
  const values = {
    prompt: 'a boat',
    negative_prompt: 'fog',
    seed: '42',
    use_stable_diffusion_model: String.raw`C:\models\sd-v1-5.safetensors`,
    sampler_name: 'euler_a',
    num_inference_steps: '25',
    guidance_scale: '1',
    distilled_guidance_scale: '3.5',
  };
  const facts = {
    tool: 'easy-diffusion',
    prompt: 'a boat',
    negativePrompt: 'fog',
    seed: '42',
    sampler: 'euler_a',
    steps: 25,
    cfg: 3.5,
    modelName: 'sd-v1-5.safetensors',
  };

  it('is read from one text per argument, and from a record', () => {
    expect(inPng(Object.entries(values).map(([key, text]) => compressedTextChunk(key, text)))).toMatchObject(
      facts,
    );
    const titled = {
      Prompt: 'a boat',
      'Negative Prompt': 'fog',
      Seed: '42',
      'Stable Diffusion model': 'models/sd-v1-5.safetensors',
      Sampler: 'euler_a',
      Steps: '25',
      'Guidance Scale': '7.5',
    };
    expect(inPng(Object.entries(titled).map(([key, text]) => textChunk(key, text)))).toMatchObject({
      ...facts,
      cfg: 7.5,
    });
    for (const found of inExif({ 0x9286: unicode(JSON.stringify(values)) }))
      expect(found).toMatchObject(facts);
  });
});

describe('Draw Things', () => {
  const record = JSON.stringify({
    c: 'a lake',
    uc: 'people',
    seed: 77,
    steps: 8,
    sampler: 'DPM++ 2M Karras',
    scale: 4.5,
    model: 'flux_1_dev_q8p.ckpt',
    seed_mode: 'Scale Alike',
    v2: { steps: 999 },
  });
  const facts = {
    tool: 'draw-things',
    prompt: 'a lake',
    negativePrompt: 'people',
    seed: '77',
    sampler: 'DPM++ 2M Karras',
    steps: 8,
    cfg: 4.5,
    modelName: 'flux_1_dev_q8p.ckpt',
    raw: record,
  };

  it('is read from XMP, as a list and as an attribute', () => {
    const escaped = record.replaceAll('"', '&quot;');
    for (const packet of [
      `<rdf:Description xmp:CreatorTool="Draw Things"><exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">${escaped}</rdf:li></rdf:Alt></exif:UserComment></rdf:Description>`,
      `<rdf:Description xmp:CreatorTool="Draw Things" exif:UserComment="${escaped}"/>`,
    ]) {
      expect(inPng([internationalTextChunk('XML:com.adobe.xmp', packet)])).toMatchObject(facts);
      expect(readMetadata(withChunks(webp, [['XMP ', Buffer.from(packet)]]), 'webp').metadata).toMatchObject(
        facts,
      );
    }
    for (const found of inExif({ 0x9286: unicode(record) })) expect(found).toMatchObject(facts);
  });
});

describe('Mochi Diffusion', () => {
  const text =
    'Include in Image: a red; blue boat; Exclude from Image: fog; Model: sd-2.1; Steps: 12; Guidance Scale: 11.5; ' +
    'Seed: 4023; Size: 512x512; Scheduler: DPM-Solver++; ML Compute Unit: All; Generator: Mochi Diffusion 5.2';
  const facts = {
    tool: 'mochi-diffusion',
    prompt: 'a red; blue boat',
    negativePrompt: 'fog',
    modelName: 'sd-2.1',
    steps: 12,
    cfg: 11.5,
    seed: '4023',
    sampler: 'DPM-Solver++',
    raw: text,
  };

  it('is read from the caption of IPTC and of XMP', () => {
    const caption = Buffer.from(text);
    const program = Buffer.from('Mochi Diffusion');
    const dataSet = (number: number, value: Buffer): Buffer => {
      const head = Buffer.from([0x1c, 2, number, 0, 0]);
      head.writeUInt16BE(value.length, 3);
      return Buffer.concat([head, value]);
    };
    const iim = Buffer.concat([dataSet(65, program), dataSet(120, caption)]);
    const resource = (id: number, value: Buffer): Buffer => {
      const head = Buffer.alloc(12);
      head.write('8BIM', 'latin1');
      head.writeUInt16BE(id, 4);
      head.writeUInt32BE(value.length, 8);
      return Buffer.concat([head, value, Buffer.alloc(value.length % 2)]);
    };
    const segment = Buffer.concat([
      Buffer.from('Photoshop 3.0\0'),
      resource(0x0425, Buffer.alloc(15)),
      resource(0x0404, iim),
    ]);
    expect(readMetadata(withSegments(jpeg, [[0xed, segment]]), 'jpeg').metadata).toMatchObject(facts);
    for (let length = 0; length < segment.length; length++) {
      const cut = withSegments(jpeg, [[0xed, segment.subarray(0, length)]]);
      expect(readMetadata(cut, 'jpeg').metadata).toBeNull();
    }
    const packet = `<rdf:Description><dc:description><rdf:Alt><rdf:li>${text}</rdf:li></rdf:Alt></dc:description></rdf:Description>`;
    expect(inPng([internationalTextChunk('XML:com.adobe.xmp', packet)])).toMatchObject(facts);
  });
});

describe('Midjourney', () => {
  it('is read from its description', () => {
    const text = 'a tower at sea-level --no fog, birds --ar 2:1 --seed 4711 --v 6 Job ID: a7421d2f-b262';
    const facts = {
      tool: 'midjourney',
      prompt: 'a tower at sea-level --no fog, birds --ar 2:1 --seed 4711 --v 6',
      negativePrompt: 'fog, birds',
      seed: '4711',
      raw: text,
    };
    expect(inPng([textChunk('Description', text), textChunk('Author', 'somebody')])).toMatchObject(facts);
    const packet = `<rdf:Description><dc:description>${text}</dc:description></rdf:Description>`;
    expect(inPng([internationalTextChunk('XML:com.adobe.xmp', packet)])).toMatchObject(facts);
    expect(inPng([textChunk('Description', 'a tower --v 6 Job ID: 1-2-3')])).toMatchObject({
      prompt: 'a tower --v 6',
      negativePrompt: null,
      seed: null,
    });
  });
});

describe('RuinedFooocus and NovelAI', () => {
  it('are read from the records of their own', () => {
    const ruined = JSON.stringify({
      Prompt: 'a fox',
      Negative: 'dull',
      steps: 30,
      cfg: 8,
      seed: 20,
      sampler_name: 'dpmpp',
      base_model_name: 'm.safetensors',
      base_model_hash: 'BEFC',
      software: 'RuinedFooocus',
    });
    const facts = {
      tool: 'fooocus',
      prompt: 'a fox',
      negativePrompt: 'dull',
      cfg: 8,
      modelName: 'm.safetensors',
      modelHash: 'BEFC',
    };
    expect(inPng([textChunk('parameters', ruined)])).toMatchObject(facts);
    for (const found of inExif({ 0x9286: unicode(ruined) })) expect(found).toMatchObject(facts);
    const novel = JSON.stringify({
      Comment:
        '{"prompt": "a lake", "uc": "bad", "seed": 22, "steps": 28, "scale": 5.0, "sampler": "k_euler"}',
      Software: 'NovelAI',
    });
    for (const found of inExif({
      0x0131: Buffer.from('NovelAI Diffusion V4.5 C02D4F98'),
      0x9286: unicode(novel),
    }))
      expect(found).toMatchObject({
        tool: 'novelai',
        prompt: 'a lake',
        negativePrompt: 'bad',
        seed: '22',
        cfg: 5,
        modelName: 'NovelAI Diffusion V4.5',
        modelHash: 'C02D4F98',
      });
  });
});

describe("writers of AUTOMATIC1111's format", () => {
  const head = 'a fox\nNegative prompt: dull\nSteps: 20, Sampler: Euler, ';

  it('state distilled guidance beside a scale of 1, as Forge does', () => {
    expect(
      inPng([
        textChunk('parameters', `${head}CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 1, Model: flux1`),
      ]),
    ).toMatchObject({ cfg: 3.5, modelName: 'flux1' });
    expect(
      inPng([textChunk('parameters', `${head}CFG scale: 6, Distilled CFG Scale: 3.5, Seed: 1`)]),
    ).toMatchObject({ cfg: 6 });
  });

  it('list resources in place of a model, as Civitai does', () => {
    const resources =
      'Civitai resources: [{"type":"lora","weight":1,"modelName":"L"},{"type":"checkpoint","modelVersionId":2,"modelName":"WAI, v16","modelVersionName":"v16.0"}], Civitai metadata: {}';
    for (const found of inExif({ 0x9286: unicode(`${head}CFG scale: 5, Seed: 3, ${resources}`, true) }))
      expect(found).toMatchObject({
        tool: 'a1111',
        prompt: 'a fox',
        modelName: 'WAI, v16',
        loras: 'L',
        seed: '3',
      });
    expect(inPng([textChunk('parameters', `${head}Civitai resources: [{"type":}]`)])).toMatchObject({
      modelName: null,
    });
  });
});

describe('what is not known', () => {
  it('is kept raw and counted as such, with what has a usual name', () => {
    const record = '{"engine": "x", "Prompt": "a fox", "Seed": 5, "sampler": "s"}';
    for (const chunk of [textChunk('ai_settings', record), compressedTextChunk('ai_settings', record)])
      expect(inPng([], [chunk])).toMatchObject({ tool: 'other', prompt: 'a fox', seed: '5', raw: record });
    const lines = 'prompt = a fox\nseed = 5\n';
    expect(inPng([textChunk('Comment', lines)])).toMatchObject({ tool: 'other', prompt: null, raw: lines });
    for (const found of inExif({ 0x9286: unicode(lines) }))
      expect(found).toMatchObject({ tool: 'other', prompt: null, raw: lines });
    expect(inPng([textChunk('Software', 'Stable Diffusion X'), textChunk('Comment', lines)])).toMatchObject({
      tool: 'other',
      raw: lines,
    });
    expect(inPng([textChunk('parameters', 'of no known form')])).toMatchObject({
      tool: 'other',
      raw: 'of no known form',
    });
  });

  it('is not made of what cameras and editors write', () => {
    for (const text of ['Created with GIMP', 'Steps to the sea', 'seed: a word', '{"a": 1}', 'model: X100'])
      expect([text, inPng([textChunk('Comment', text), textChunk('Software', 'GIMP')])]).toEqual([
        text,
        null,
      ]);
    for (const found of inExif({ 0x9286: unicode('my dog at the steps') })) expect(found).toBeNull();
  });
});

describe('C2PA manifests', () => {
  const uri = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
  const store = Buffer.concat([
    Buffer.from('jumb\0\0\0\x1ejumdc2pa', 'latin1'),
    Buffer.from(`factionlc2pa.created qdigitalSourceTypexF${uri}faction`, 'latin1'),
    Buffer.from(`factionkc2pa.edited qdigitalSourceTypex8${uri.replace(/\w+$/, 'composite')}`, 'latin1'),
  ]);
  const segment = Buffer.concat([Buffer.from('4a5002110000000100000100', 'hex'), store]);

  it('give the source type that they state where XMP gives none', () => {
    const marks = { digitalSourceType: uri, hasC2pa: true };
    const bytes = png({ width: 2, height: 2, before: [pngChunk('caBX', store)] });
    expect(readMetadata(bytes, 'png')).toEqual({ metadata: null, marks });
    expect(readMetadata(withSegments(jpeg, [[0xeb, segment]]), 'jpeg').marks).toEqual(marks);
    expect(readMetadata(withChunks(webp, [['C2PA', store]]), 'webp').marks).toEqual(marks);
    const packet = '<rdf:Description Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/x/digitalCapture"/>';
    const both = png({
      width: 2,
      height: 2,
      before: [pngChunk('caBX', store), internationalTextChunk('XML:com.adobe.xmp', packet)],
    });
    expect(readMetadata(both, 'png').marks.digitalSourceType).toBe('http://cv.iptc.org/x/digitalCapture');
  });
});
