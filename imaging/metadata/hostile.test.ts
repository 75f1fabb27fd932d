import { describe, expect, it } from 'vitest';
import sharp from '../sharp.ts';
import {
  compressedTextChunk,
  exifBlock,
  internationalTextChunk,
  png,
  pngChunk,
  textChunk,
  withChunks,
  withSegments,
} from '../testing/build.ts';
import { A1111, A1111_FACTS, inPng, jpeg, webp } from '../testing/metadata.ts';
import { readExif } from './exif.ts';
import { readMetadata } from './read.ts';

describe('hostile metadata', () => {
  it('keeps broken text raw, with nulls', () => {
    for (const [key, tool] of [
      ['invokeai_metadata', 'invokeai'],
      ['sd-metadata', 'invokeai'],
      ['Dream', 'invokeai'],
      ['workflow', 'comfyui'],
      ['parameters', 'other'],
    ] as const) {
      expect(inPng([textChunk(key, '{"broken": ')])).toEqual({
        tool,
        prompt: null,
        negativePrompt: null,
        seed: null,
        sampler: null,
        steps: null,
        cfg: null,
        modelName: null,
        modelHash: null,
        loras: null,
        raw: '{"broken": ',
      });
    }
    expect(inPng([textChunk('prompt', '{"3": {"class_type": ')])).toMatchObject({
      tool: 'comfyui',
      prompt: null,
    });
  });

  it('takes no value of a wrong type', () => {
    const record = {
      positive_prompt: ['x'],
      negative_prompt: 5,
      seed: {},
      scheduler: null,
      steps: 'many',
      cfg_scale: true,
      model: [],
    };
    expect(inPng([textChunk('invokeai_metadata', JSON.stringify(record))])).toMatchObject({
      prompt: null,
      negativePrompt: null,
      seed: null,
      sampler: null,
      steps: null,
      cfg: null,
      modelName: null,
    });
    const odd = '{"__proto__": {"prompt": "x"}, "constructor": 1, "seed": 1e300, "steps": 1e999}';
    expect(inPng([textChunk('invokeai_metadata', odd)])).toMatchObject({
      prompt: null,
      seed: null,
      steps: null,
    });
  });

  it('does not expand text bombs', () => {
    const bomb = compressedTextChunk('parameters', Buffer.alloc(60_000_000, 97));
    expect(inPng([bomb])).toBeNull();
    expect(inPng([bomb, textChunk('parameters', A1111)])).toEqual(A1111_FACTS);
    const filling = Array.from({ length: 4 }, (_, i) => textChunk(`k${i}`, 'x'.repeat(300_000)));
    expect(inPng([...filling, textChunk('parameters', A1111)])).toEqual(A1111_FACTS);
    expect(inPng([textChunk('parameters', `${'x'.repeat(1_100_000)}\n${A1111}`)])).toBeNull();
  });

  it('refuses deep JSON', () => {
    const deep = `{"1":{"class_type":"KSampler","inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect(inPng([textChunk('prompt', deep)])).toMatchObject({ tool: 'comfyui', prompt: null });
  });

  it('reads only the first of an EXIF tag that is there many times', () => {
    const block = exifBlock({ 0x010e: Buffer.from('the first'), 0x0131: Buffer.from('another') });
    expect([...readExif(block).keys()]).toEqual(['exif:imagedescription', 'exif:software']);
    block.writeUInt16BE(0x010e, 22);
    expect([...readExif(block)]).toEqual([['exif:imagedescription', 'the first']]);
  });

  it('hands out text that a database takes', () => {
    const found = inPng([textChunk('parameters', 'a\0b \ud800c\nSteps: 1')]);
    expect(found?.prompt).not.toContain('\0');
    expect(found?.prompt?.isWellFormed()).toBe(true);
    const escaped = '{"positive_prompt": "a\\u0000b \\ud800c"}';
    expect(inPng([textChunk('invokeai_metadata', escaped)])?.prompt).toBe('ab \ufffdc');
  });

  it('comes to an end on text made to be slow', () => {
    const megabyte = (unit: string): string => unit.repeat(Math.floor(1_000_000 / unit.length));
    for (const unit of [
      'a',
      ' ',
      '[',
      '"',
      '-s ',
      'Steps: 1\n',
      'Negative prompt:',
      '&#1',
      '<xmp:CreatorTool>',
      'a:',
      '{"a":',
    ]) {
      for (const key of [
        'parameters',
        'prompt',
        'Dream',
        'sd-metadata',
        'XML:com.adobe.xmp',
        'Raw profile type exif',
        'Description',
      ]) {
        const begin = key === 'Dream' ? '"x" ' : key.startsWith('Raw') ? '\nexif\n 1\n' : '';
        expect(() => inPng([textChunk(key, begin + megabyte(unit))])).not.toThrow();
      }
    }
  });

  it('survives any bytes in any container', async () => {
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const exif = Buffer.concat([
      Buffer.from('Exif\0\0'),
      exifBlock({ 0x9286: Buffer.from(`ASCII\0\0\0${A1111}`), 0x010e: Buffer.from('x') }),
    ]);
    const sources = [
      [
        'png',
        png({
          width: 2,
          height: 2,
          before: [internationalTextChunk('parameters', A1111, true)],
          after: [pngChunk('eXIf', exif.subarray(6))],
        }),
      ],
      ['jpeg', withSegments(jpeg, [[0xe1, exif]])],
      ['webp', withChunks(webp, [['EXIF', exif]])],
      ['tiff', exif.subarray(6)],
      [
        'avif',
        await sharp(jpeg)
          .withExif({ IFD0: { ImageDescription: A1111 } })
          .avif({ effort: 0 })
          .toBuffer(),
      ],
    ] as const;
    for (const [format, source] of sources) {
      for (let i = 0; i < 400; i++) {
        const mutant = Buffer.from(
          source.subarray(0, random(4) === 0 ? random(source.length) : source.length),
        );
        for (let flips = 1 + random(8); flips > 0 && mutant.length > 0; flips--)
          mutant[random(mutant.length)] = random(256);
        expect(() => readMetadata(mutant, format)).not.toThrow();
      }
    }
  });
});
