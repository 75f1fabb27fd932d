import { createHash, hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMetadata } from './metadata/read.ts';
import sharp from './sharp.ts';
import { exifBlock, patternRgb, png, pngChunk, withSegments } from './testing/build.ts';
import { codeOf, decodeBytes, decodeGood, folder, photo, useFolder } from './testing/decode.ts';

useFolder();

describe('what a good image yields', () => {
  it('agrees on one picture in several encodings', async () => {
    const rgb = patternRgb(40, 24);
    const plain = await decodeGood(png({ width: 40, height: 24, pixels: rgb }));
    const webp = await decodeGood(
      await sharp(rgb, { raw: { width: 40, height: 24, channels: 3 } })
        .webp({ lossless: true })
        .toBuffer(),
    );
    const size = Buffer.from([40, 0, 0, 0, 24, 0, 0, 0]);
    expect(plain).toMatchObject({ format: 'png', width: 40, height: 24, metadata: null, tensor: null });
    expect(plain.pixelSha256).toBe(createHash('sha256').update(size).update(rgb).digest('hex'));
    expect(webp).toMatchObject({ format: 'webp', pixelSha256: plain.pixelSha256 });
    expect(webp.signature).toEqual(plain.signature);
    expect(webp.stats).toEqual(plain.stats);
    expect(webp.sha256).not.toBe(plain.sha256);
  });

  it('turns an image upright before measuring it', async () => {
    const upright = await decodeGood(
      await sharp(photo).rotate(90).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
    const turned = await decodeGood(
      await sharp(photo)
        .withMetadata({ orientation: 6 })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer(),
    );
    expect(turned).toMatchObject({ width: 24, height: 40 });
    expect(upright).toMatchObject({ width: 24, height: 40 });
    const difference = turned.signature.reduce(
      (sum, value, i) => sum + Math.abs(value - upright.signature[i]!),
      0,
    );
    expect(difference / 3072).toBeLessThan(2);
  });

  it('gives crops as the picture of the part alone would be given, cut off at the frame', async () => {
    const geometry = { width: 32, height: 32, fit: 'squash', kernel: 'area' } as const;
    const rgb = patternRgb(40, 24);
    const part = new Uint8Array(10 * 8 * 3);
    for (let y = 0; y < 8; y++)
      part.set(rgb.subarray(((y + 16) * 40 + 30) * 3, ((y + 16) * 40 + 40) * 3), y * 30);
    const { signature } = await decodeGood(png({ width: 10, height: 8, pixels: part }));
    const whole = await decodeGood(png({ width: 40, height: 24, pixels: rgb }), {
      geometry,
      crops: [
        [30, 16, 10, 8],
        [30.5, 16.2, 90, 90],
        [-5, -5, 1, 1],
      ],
    });
    expect(whole.crops.map((crop) => crop.length)).toEqual([3072, 3072, 3072]);
    expect(whole.crops[0]).toEqual(signature);
    expect(whole.crops[1]).toEqual(signature);
  });

  it('flattens alpha on white', async () => {
    const pixels = Uint8Array.of(0, 0, 0, 0, 10, 20, 30, 255, 0, 0, 0, 128, 255, 0, 0, 51);
    const image = await decodeGood(png({ width: 4, height: 1, colourType: 6, pixels }), {
      geometry: { width: 4, height: 1, fit: 'squash', kernel: 'area' },
    });
    expect([...image.tensor!]).toEqual([255, 255, 255, 10, 20, 30, 127, 127, 127, 255, 204, 204]);
  });

  it('expands grey files and says that they are grey', async () => {
    const image = await decodeGood(
      png({ width: 2, height: 1, colourType: 0, pixels: Uint8Array.of(7, 200) }),
      { geometry: { width: 2, height: 1, fit: 'squash', kernel: 'area' } },
    );
    expect([...image.tensor!]).toEqual([7, 7, 7, 200, 200, 200]);
    expect(image.stats).toMatchObject({ singleChannel: true, greyPixels: true, entropyBits: 1 });
    const greyJpeg = await decodeGood(await sharp(photo).toColourspace('b-w').jpeg().toBuffer());
    expect(greyJpeg.stats.singleChannel).toBe(true);
    expect((await decodeGood(photo)).stats).toMatchObject({ singleChannel: false, greyPixels: false });
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.alloc(16 * 32 * 3, 50).fill(200, 16 * 16 * 3);
    const animated = await sharp(frames, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
      .webp({ lossless: true, loop: 0 })
      .toBuffer();
    const image = await decodeGood(animated);
    expect(image).toMatchObject({ width: 16, height: 16 });
    expect(new Set(image.signature)).toEqual(new Set([50]));
  });

  it('accepts stray bytes beside JPEG metadata, and none that are left of a table', async () => {
    const clean = await decodeGood(photo);
    const comment = withSegments(photo, [[0xfe, Buffer.from('hello')]]);
    const end = 2 + 4 + 'hello'.length;
    const stray = Buffer.concat([comment.subarray(0, end), Buffer.alloc(5), comment.subarray(end)]);
    expect((await decodeGood(stray)).pixelSha256).toBe(clean.pixelSha256);
    const table = photo.indexOf(Buffer.from([0xff, 0xdb]));
    const shifted = Buffer.concat([photo.subarray(0, table + 8), Buffer.alloc(5), photo.subarray(table + 8)]);
    expect(await codeOf(decodeBytes(shifted))).toBe('DAMAGED');
    const trailing = Buffer.concat([photo, Buffer.from('trailing bytes')]);
    expect((await decodeGood(trailing)).pixelSha256).toBe(clean.pixelSha256);
  });

  it.each(['bilinear', 'bicubic', 'lanczos3'] as const)(
    'resizes with %s to the size asked for',
    async (kernel) => {
      for (const fit of ['squash', 'cover'] as const) {
        const image = await decodeGood(photo, { geometry: { width: 8, height: 12, fit, kernel } });
        expect(image.tensor!.length).toBe(8 * 12 * 3);
        expect(new Set(image.tensor).size).toBeGreaterThan(20);
      }
    },
  );

  it('hands metadata and marks through', async () => {
    const comment = Buffer.from('ASCII\0\0\0a duck\nSteps: 4, Seed: 18446744073709551615');
    const exif = Buffer.concat([Buffer.from('Exif\0\0'), exifBlock({ 0x9286: comment })]);
    const image = await decodeGood(withSegments(photo, [[0xe1, exif]]));
    expect(image.metadata).toMatchObject({ prompt: 'a duck', seed: '18446744073709551615', steps: 4 });
    const text = 'a duck\nSteps: 4, Sampler: Euler, CFG scale: 7, Seed: 5, Size: 8x8';
    const uri = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
    const written = sharp(photo)
      .withExif({ IFD0: { ImageDescription: text } })
      .withXmp(`<x><rdf:Description Iptc4xmpExt:DigitalSourceType="${uri}"/></x>`);
    const avif = await decodeGood(await written.avif({ effort: 0 }).toBuffer());
    expect(avif).toMatchObject({
      metadata: { prompt: 'a duck', steps: 4, seed: '5' },
      marks: { digitalSourceType: uri },
    });
    const tiff = exifBlock({ 0x010e: Buffer.from(text) });
    expect(readMetadata(tiff, 'tiff').metadata).toMatchObject({ prompt: 'a duck', steps: 4, seed: '5' });
    expect(
      (await decodeGood(png({ width: 2, height: 2, before: [pngChunk('caBX', Buffer.from('x'))] }))).marks,
    ).toEqual({
      digitalSourceType: null,
      hasC2pa: true,
    });
  });
});

describe('what it writes', () => {
  it('stores a thumbnail and the original under the hash, and replaces what is not of the image', async () => {
    const thumbs = path.join(folder, 'thumbs');
    const objects = path.join(folder, 'objects');
    const large = await sharp(patternRgb(600, 300), { raw: { width: 600, height: 300, channels: 3 } })
      .jpeg()
      .toBuffer();
    const image = await decodeGood(large, { thumbs, objects });
    const thumbnail = path.join(thumbs, image.sha256.slice(0, 2), `${image.sha256}.webp`);
    const object = path.join(objects, image.sha256.slice(0, 2), image.sha256);
    expect(await sharp(readFileSync(thumbnail)).metadata()).toMatchObject({
      format: 'webp',
      width: 256,
      height: 128,
    });
    expect(readFileSync(object).equals(large)).toBe(true);

    const made = readFileSync(thumbnail);
    expect(hash('sha256', made, 'hex')).toBe(image.thumb);
    writeFileSync(thumbnail, 'planted');
    writeFileSync(object, large.subarray(0, 10));
    await decodeGood(large, { thumbs, objects });
    expect(readFileSync(thumbnail).equals(made)).toBe(true);
    expect(readFileSync(object).equals(large)).toBe(true);
    expect(readdirSync(path.dirname(thumbnail))).toEqual([path.basename(thumbnail)]);
  });

  it('does not enlarge small images', async () => {
    const thumbs = path.join(folder, 'small');
    const image = await decodeGood(photo, { thumbs });
    const file = path.join(thumbs, image.sha256.slice(0, 2), `${image.sha256}.webp`);
    expect(await sharp(readFileSync(file)).metadata()).toMatchObject({ width: 40, height: 24 });
  });

  it('writes nothing for what it refuses', async () => {
    const thumbs = path.join(folder, 'none');
    await decodeBytes(photo.subarray(0, 400), { thumbs, objects: thumbs });
    expect(existsSync(thumbs)).toBe(false);
  });

  it('says which file cannot be written', async () => {
    writeFileSync(path.join(folder, 'occupied'), '');
    await expect(decodeBytes(photo, { thumbs: path.join(folder, 'occupied') })).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('occupied'),
    });
  });
});
