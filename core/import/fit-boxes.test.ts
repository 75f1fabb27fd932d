import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import type { Box } from '../base/boxes.ts';
import { countOutside, fitBoxes } from './fit-boxes.ts';

const pixels = (...values: Box['values']): Box => ({ label: 'gear', format: 'xywh-pixel', values });
const fractions = (...values: Box['values']): Box => ({ label: 'gear', format: 'cxcywh-relative', values });
const size = (width: number, height: number) => ({ width, height });
const upright = (width: number, height: number) => ({ width, height, orientation: 1 });

/** The smallest rectangle that holds all white pixels of a picture that shows one on black, as sharp turns it. */
async function whiteOf(stored: Buffer): Promise<{ found: Box['values']; width: number; height: number }> {
  const { data, info } = await sharp(stored)
    .autoOrient()
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const [xs, ys] = [[], []] as [number[], number[]];
  for (let i = 0; i < width * height; i++)
    if (data[i * info.channels]! > 127) {
      xs.push(i % width);
      ys.push(Math.floor(i / width));
    }
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { found: [x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1], width, height };
}

/** A picture of stored size `width` x `height` with one white rectangle. */
async function paint(width: number, height: number, [x, y, w, h]: Box['values'], orientation: number) {
  const white = { create: { width: w, height: h, channels: 3 as const, background: 'white' } };
  return sharp({ create: { width, height, channels: 3, background: 'black' } })
    .composite([{ input: await sharp(white).png().toBuffer(), left: x, top: y }])
    .withMetadata({ orientation })
    .png()
    .toBuffer();
}

const rectangles = fc
  .tuple(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 4, max: 40 }))
  .filter(([width, height]) => Math.abs(width - height) > 3)
  .chain(([width, height]) =>
    fc
      .tuple(fc.integer({ min: 0, max: width - 1 }), fc.integer({ min: 0, max: height - 1 }))
      .chain(([x, y]) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          box: fc.tuple(
            fc.constant(x),
            fc.constant(y),
            fc.integer({ min: 1, max: width - x }),
            fc.integer({ min: 1, max: height - y }),
          ),
        }),
      ),
  );

describe('boxes drawn on the stored picture', () => {
  test.each([5, 6, 7, 8])(
    'lie on what they marked once it is upright, orientation %i',
    async (orientation) => {
      await fc.assert(
        fc.asyncProperty(
          rectangles,
          fc.integer({ min: 1, max: 3 }),
          async ({ width, height, box }, times) => {
            const { found, ...shown } = await whiteOf(await paint(width, height, box, orientation));
            expect(shown).toEqual(size(height, width));
            const picture = { ...shown, orientation };
            const large = box.map((value) => value * times) as Box['values'];
            const [x, y, w, h] = box;
            const given = [
              pixels(...large),
              fractions((x + w / 2) / width, (y + h / 2) / height, w / width, h / height),
            ];
            const stated = size(width * times, height * times);
            const { boxes, frame } = fitBoxes(given, stated, picture);
            expect(frame).toEqual({
              ...stated,
              boxes: times === 1 ? 'turned' : 'turned-scaled',
              orientation,
            });
            const [cx, cy, fw, fh] = boxes[1]!.values;
            const [sw, sh] = [shown.width, shown.height];
            for (const values of [
              boxes[0]!.values,
              [(cx - fw / 2) * sw, (cy - fh / 2) * sh, fw * sw, fh * sh],
            ])
              for (const [i, value] of values.entries()) expect(value).toBeCloseTo(found[i]!, 8);
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  it.each([2, 3, 4])('are kept and named where the size tells nothing, orientation %i', (orientation) => {
    const boxes = [pixels(1, 2, 3, 4)];
    const picture = { ...size(64, 48), orientation };
    const frame = { boxes: 'open', orientation };
    expect(fitBoxes(boxes, size(64, 48), picture)).toEqual({ boxes, frame: { ...frame, ...size(64, 48) } });
    expect(fitBoxes(boxes, null, picture)).toEqual({ boxes, frame });
  });

  it('are kept and named where a turned picture is square or no size is stated', () => {
    const boxes = [pixels(1, 2, 3, 4)];
    const square = { ...size(64, 64), orientation: 6 };
    expect(fitBoxes(boxes, size(64, 64), square).frame?.boxes).toBe('open');
    expect(fitBoxes(boxes, null, { ...size(48, 64), orientation: 6 })).toEqual({
      boxes,
      frame: { boxes: 'open', orientation: 6 },
    });
  });

  it.each([2, 3, 6])(
    'stay, and are not in doubt, in a source that draws on the shown one: %i',
    (orientation) => {
      const boxes = [pixels(1, 2, 3, 4)];
      const square = { ...size(64, 64), orientation };
      expect(fitBoxes(boxes, size(64, 64), square, true)).toEqual({ boxes });
      expect(fitBoxes(boxes, null, square, true)).toEqual({ boxes });
    },
  );

  it('stay where the stated size is the upright one', () => {
    const boxes = [pixels(1, 2, 3, 4)];
    expect(fitBoxes(boxes, size(48, 64), { ...size(48, 64), orientation: 6 })).toEqual({ boxes });
  });
});

describe('boxes of a picture of another size', () => {
  it.each([
    ['half as large', size(1280, 960), [50, 100, 75, 20]],
    ['twice as large', size(320, 240), [200, 400, 300, 80]],
    ['rounded down', size(1281, 961), [49.96, 99.9, 74.94, 19.98]],
    ['rounded up', size(1279, 959), [50.04, 100.1, 75.06, 20.02]],
  ])('are scaled: the picture is %s', (_, stated, wanted) => {
    const given = pixels(100, 200, 150, 40);
    const { boxes, frame } = fitBoxes([given], stated, upright(640, 480));
    expect(frame).toEqual({ ...stated, boxes: 'scaled' });
    for (const [i, value] of boxes[0]!.values.entries()) expect(value).toBeCloseTo(wanted[i]!, 2);
  });

  it.each([
    ['another shape', size(800, 600), upright(640, 500), 'other-size'],
    ['squeezed to a square', size(1280, 960), upright(640, 640), 'other-size'],
    ['a row is missing', size(640, 481), upright(640, 480), 'other-size'],
    ['the sides are swapped', size(480, 640), upright(640, 480), 'swapped'],
  ] as const)('are kept and named: %s', (_, stated, picture, fit) => {
    const boxes = [pixels(10, 20, 30, 40)];
    expect(fitBoxes(boxes, stated, picture)).toEqual({ boxes, frame: { ...stated, boxes: fit } });
  });

  it('are kept and named where they fit only as written', () => {
    const boxes = [pixels(0, 0, 10, 10), pixels(600, 400, 200, 100)];
    expect(fitBoxes(boxes, size(640, 480), upright(1280, 960))).toEqual({
      boxes,
      frame: { ...size(640, 480), boxes: 'beyond' },
    });
    const turned = { ...size(480, 640), orientation: 6 };
    expect(fitBoxes([pixels(10, 500, 30, 100)], size(640, 480), turned).frame?.boxes).toBe('beyond');
  });

  it('reach a little beyond the image in many datasets, which changes nothing', () => {
    expect(fitBoxes([pixels(600, 0, 45, 10)], size(640, 480), upright(1280, 960)).frame?.boxes).toBe(
      'scaled',
    );
  });

  it('are left alone in fractions', () => {
    const boxes = [fractions(0.5, 0.5, 0.1, 0.2)];
    expect(fitBoxes(boxes, size(1280, 960), upright(640, 480))).toEqual({ boxes });
    expect(fitBoxes(boxes, null, { ...size(480, 640), orientation: 6 })).toEqual({ boxes });
  });
});

test('a box is outside if it shares no pixel with the picture', () => {
  const picture = size(64, 48);
  const outside = [pixels(64, 0, 5, 5), pixels(0, 48, 5, 5), pixels(-5, 0, 5, 5), pixels(0, -9, 5, 5)];
  const inside = [pixels(0, 0, 0, 0), pixels(63, 47, 50, 50), pixels(-4, -4, 5, 5), pixels(0, 0, 64, 48)];
  for (const box of outside) expect(countOutside([box], picture)).toBe(1);
  expect(countOutside(inside, picture)).toBe(0);
});
