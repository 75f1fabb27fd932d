import { defineFixtures, image, lines } from './define.ts';

const META =
  '<meta><task><name>t</name><labels><label><name> dog </name><attributes><attribute><name>age</name></attribute></attributes></label><label><name>cat</name></label><label><name>nose</name><parent>cat</parent></label></labels></task></meta>';

/** A file of CVAT with these elements, one a line from line 4 on. */
function cvat(...elements: string[]): string {
  return lines(
    '<?xml version="1.0" encoding="utf-8"?>',
    '<annotations><version>1.1</version>',
    META,
    ...elements,
    '</annotations>',
  );
}

const STATED = { width: 24, height: 16 };
const SIZE = 'width="24" height="16"';
const BOX = '<box label="cat" occluded="0" xtl="1.50" ytl="2" xbr="11.50" ybr="10.25" z_order="0"></box>';
const box = (label: string, ...values: [number, number, number, number]) => ({
  label,
  format: 'xywh-pixel' as const,
  values,
});
const CAT = box('cat', 1.5, 2, 10, 8.25);
const TRACKED = { ...CAT, detail: { columns: { track_id: 0 } } };

export default defineFixtures({
  id: 'cvat-xml',
  good: {
    'images with boxes, other shapes, tags and subsets': {
      files: {
        'annotations.xml': cvat(
          `<image id="0" name="a.png" subset="train" ${SIZE}>${BOX}`,
          '<box label="dog " occluded="1" group_id="3" rotation="45.0" xtl="1" ytl="1" xbr="2" ybr="3"><attribute name="age">3</attribute><attribute name="wild">false</attribute></box>',
          '<polygon label="cat" points="1.00,2.00;5.50,2.00;3,9"></polygon><polyline label="cat" points="1,2;3,4"/><ellipse label="cat" cx="1" cy="1" rx="1" ry="1"/>',
          '<mask label="cat" rle="1, 2" left="0" top="0" width="1" height="3"/><points label="cat" points="1,1"/><skeleton label="cat"><points label="nose" points="1,1"/></skeleton></image>',
          `<image id="1" name="b.png" subset="default" ${SIZE}><tag label="dog"></tag>${BOX}</image>`,
          `<image id="2" name="sub/c.png" ${SIZE}><tag label="dog"/><tag label="cat"/></image>`,
          `<image id="3" name="gone.png" ${SIZE}></image>`,
        ),
        'images/train/a.png': image(0),
        'images/b.png': image(1),
        'images/sub/c.png': image(2),
        'images/d.png': image(3),
      },
      entries: [
        {
          path: 'images/train/a.png',
          split: 'train',
          stated: STATED,
          boxes: [
            CAT,
            {
              ...box('dog ', 1, 1, 1, 2),
              detail: { attributes: { rotation: 45, occluded: true, group_id: 3, age: '3' } },
            },
            { ...box('cat', 1, 2, 4.5, 7), detail: { polygons: [[1, 2, 5.5, 2, 3, 9]] } },
            // The second and third pixel of the first column, of 16 in each.
            { ...box('cat', 0, 1, 1, 2), detail: { mask: { size: [16, 24], counts: '12m;' } } },
          ],
        },
        { path: 'images/b.png', label: 'dog', stated: STATED, boxes: [CAT] },
        { path: 'images/sub/c.png', stated: STATED, boxes: [] },
        { path: 'gone.png', stated: STATED, boxes: [] },
      ],
      classes: ['dog', 'cat'],
      left: [
        { kind: 'keypoints', count: 2, example: 'annotations.xml' },
        { kind: 'label', count: 2 },
        { kind: 'other-shape', name: 'polyline', count: 1 },
        { kind: 'other-shape', name: 'ellipse', count: 1 },
        { kind: 'unlisted', count: 1, example: 'images/d.png' },
      ],
    },
    'one file, with faulty records': {
      root: 'my.xml',
      files: {
        'my.xml': cvat(
          `<image id="0" name="a.png">`,
          '<box label="cat" xtl="1" ytl="1" xbr="nan" ybr="3"/>',
          '<box label="cat" xtl="1" ytl="1" xbr="3"/>',
          '<box label="cat" xtl="5" ytl="1" xbr="3" ybr="3"/>',
          '<box xtl="1" ytl="1" xbr="3" ybr="3"/>',
          '<polygon label="cat" points="1,2;3"/>',
          '<tag/>',
          BOX,
          '</image>',
          '<image id="1"></image>',
          '<image id="2" name="a.png"></image>',
        ),
        'a.png': image(0),
      },
      entries: [{ path: 'a.png', label: 'cat', boxes: [CAT] }],
      classes: ['dog', 'cat'],
      left: [{ kind: 'some-boxes', count: 1, example: 'a.png' }],
      skips: [
        /my\.xml, line 5: xbr "nan" is no number/,
        /my\.xml, line 6: the box has no ybr/,
        /my\.xml, line 7: the box has a negative size/,
        /my\.xml, line 8: the box has no label/,
        /my\.xml, line 9: the points of the polygon are not pairs of numbers/,
        /my\.xml, line 10: the tag has no label/,
        /my\.xml, line 13: the image has no name \(id 1\)/,
        /my\.xml, line 14: "a\.png" is already listed/,
      ],
    },
    'images without a sound box are no backgrounds, with or without a tag': {
      files: {
        'annotations.xml': cvat(
          '<image id="0" name="a.png"><tag label="dog"/><box label="cat" xtl="1" ytl="1" xbr="nan" ybr="3"/></image>',
          '<image id="1" name="b.png"><polyline label="cat" points="1,2;3,4"/></image>',
          '<image id="2" name="c.png"><points label="cat" points="1,1"/><mask label="cat" rle="1" left="0" top="0" width="1" height="1"/></image>',
          '<image id="3" name="d.png"/>',
          `<image id="4" name="e.png"><mask label="cat" rle="1" left="0" top="0" width="1" height="1"/>${BOX}</image>`,
        ),
        ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name, i) => [`${name}.png`, image(i)])),
      },
      entries: [
        { path: 'a.png', label: 'dog' },
        { path: 'b.png' },
        { path: 'c.png', label: 'cat', boxes: [box('cat', 0, 0, 1, 1)] },
        { path: 'd.png', boxes: [] },
        { path: 'e.png', label: 'cat', boxes: [box('cat', 0, 0, 1, 1), CAT] },
      ],
      classes: ['dog', 'cat'],
      left: [
        { kind: 'mask', count: 2 },
        { kind: 'all-boxes', count: 1, example: 'a.png' },
        { kind: 'other-shape', name: 'polyline', count: 1 },
        { kind: 'no-boxes', count: 1, example: 'b.png' },
        { kind: 'keypoints', count: 1 },
      ],
      skips: [/annotations\.xml, line 4: xbr "nan" is no number/],
    },
    'a frame of a video whose only box is faulty': {
      files: {
        'annotations.xml': cvat(
          '<track id="0" label="cat">',
          '<box frame="0" outside="0" xtl="1.5" ytl="2" xbr="11.5" ybr="10.25"/>',
          '<box frame="1" outside="0" xtl="1" ytl="1" xbr="nan" ybr="3"/></track>',
        ),
        'frame_000000.png': image(0),
        'frame_000001.png': image(1),
      },
      entries: [{ path: 'frame_000000.png', label: 'cat', boxes: [TRACKED] }, { path: 'frame_000001.png' }],
      classes: ['dog', 'cat'],
      left: [{ kind: 'all-boxes', count: 1, example: 'frame_000001.png' }],
      skips: [/annotations\.xml, line 6: xbr "nan" is no number/],
    },
    'tracks of a video, with its frames': {
      files: {
        'annotations.xml': cvat(
          '<track id="0" label="cat">',
          '<box frame="1" outside="0" occluded="0" xtl="1.5" ytl="2" xbr="11.5" ybr="10.25"/>',
          '<box frame="0" outside="0" occluded="0" xtl="1.5" ytl="2" xbr="11.5" ybr="10.25"/>',
          '<box frame="2" outside="1" occluded="0" xtl="1.5" ytl="2" xbr="11.5" ybr="10.25"/>',
          '<box frame="3" outside="0" occluded="0" xtl="1.5" ytl="2" xbr="11.5" ybr="10.25"/></track>',
        ),
        'images/frame_000000.PNG': image(0),
        'images/frame_000001.PNG': image(1),
        'images/frame_000002.PNG': image(2),
      },
      entries: [
        { path: 'images/frame_000000.PNG', label: 'cat', boxes: [TRACKED] },
        { path: 'images/frame_000001.PNG', label: 'cat', boxes: [TRACKED] },
      ],
      classes: ['dog', 'cat'],
      left: [{ kind: 'unlisted', count: 1, example: 'images/frame_000002.PNG' }],
      skips: [/annotations\.xml, line 8: there is no image of frame 3/],
    },
  },
  bad: {
    'cut off': {
      files: { 'a.png': image(0), 'annotations.xml': cvat(`<image id="0" name="a.png">`, BOX).slice(0, -20) },
      says: /annotations\.xml, line 5: not well-formed XML/,
    },
    'an entity of its own': {
      files: {
        'a.png': image(0),
        'annotations.xml': cvat(
          '<image id="0" name="a.png"><tag label="cat"><attribute name="x">&e;</attribute></tag></image>',
        ).replace('?>', '?><!DOCTYPE annotations [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
      },
      says: /annotations\.xml, line 4: not well-formed XML: undefined entity/,
    },
    'a video without its frames': {
      files: {
        'a.png': image(0),
        'annotations.xml': cvat(
          '<track id="0" label="cat"><box frame="0" outside="0" xtl="1" ytl="2" xbr="3" ybr="4"/></track>',
        ),
      },
      says: /annotations\.xml, line 4: these are tracks of a video, and its frames are not there as images/,
    },
  },
});
