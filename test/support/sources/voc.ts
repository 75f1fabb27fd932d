import { greyMap, maskOver } from './numbers.ts';
import { defineFixtures, image } from './define.ts';

/** An object of Pascal VOC, with more elements behind its box. */
function object(name: string, [xmin, ymin, xmax, ymax]: (number | string)[], more = ''): string {
  return `<object>\n<name>${name}</name>\n<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>${more}\n</object>`;
}

/** An annotation file of an image of 24 by 16, which has these elements. */
function voc(filename: string, ...more: string[]): string {
  return `<annotation>\n<folder>x</folder><filename>${filename}</filename><size><width>24</width><height>16</height><depth>3</depth></size>\n${more.join('\n')}\n</annotation>`;
}

const STATED = { width: 24, height: 16 };
const CAT = object('cat', [1, 2, 11, 10]);
const box = (label: string, ...values: [number, number, number, number]) => ({
  label,
  format: 'xywh-pixel' as const,
  values,
});

export default defineFixtures({
  id: 'voc',
  good: {
    'as the challenge publishes it: image sets, masks, parts, attributes': {
      files: {
        'VOCdevkit/VOC2007/Annotations/000001.xml': voc(
          '000001.jpg',
          '<source><database>The VOC2007 Database</database></source><segmented>1</segmented>',
          object(
            ' cat ',
            [1, 2, 11, 10],
            '<pose>Left</pose><truncated>1</truncated><difficult>0</difficult><occluded>0</occluded><part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>',
          ),
          object('dog', [3.5, 4.25, 7, 16], '<pose>Unspecified</pose><difficult>1</difficult>'),
        ),
        'VOCdevkit/VOC2007/Annotations/000002.xml': voc('000002.jpg', CAT),
        'VOCdevkit/VOC2007/Annotations/000003.xml': voc('000003.jpg'),
        'VOCdevkit/VOC2007/JPEGImages/000001.jpg': image(1),
        'VOCdevkit/VOC2007/JPEGImages/000002.jpg': image(2),
        'VOCdevkit/VOC2007/JPEGImages/000003.jpg': image(3),
        'VOCdevkit/VOC2007/JPEGImages/000004.jpg': image(4),
        'VOCdevkit/VOC2007/JPEGImages/000005.jpg': image(5),
        'VOCdevkit/VOC2007/ImageSets/Main/train.txt': '000001\n',
        'VOCdevkit/VOC2007/ImageSets/Main/trainval.txt': '000001\n000002\n000003\n',
        'VOCdevkit/VOC2007/ImageSets/Main/val.txt': '000002\n',
        'VOCdevkit/VOC2007/ImageSets/Main/test.txt': '000004\n',
        'VOCdevkit/VOC2007/ImageSets/Main/cat_train.txt': '000001  1\n000002 -1\n',
        'VOCdevkit/VOC2007/SegmentationClass/000001.png': image(6),
        'VOCdevkit/VOC2007/SegmentationObject/000001.png': greyMap(
          0,
          [255, 0, 0, 13, 12],
          [1, 1, 2, 10, 8],
          [2, 20, 4, 1, 1],
          [3, 0, 15, 1, 1],
        ),
        'VOCdevkit/VOC2007/SegmentationObject/000002.png': image(7),
      },
      entries: [
        {
          path: 'VOCdevkit/VOC2007/JPEGImages/000001.jpg',
          split: 'train',
          stated: STATED,
          boxes: [
            {
              ...box('cat', 1, 2, 10, 8),
              detail: { mask: maskOver([1, 2, 10, 8]), attributes: { pose: 'Left', truncated: 1 } },
            },
            { ...box('dog', 3.5, 4.25, 3.5, 11.75), detail: { attributes: { difficult: 1 } } },
          ],
        },
        {
          path: 'VOCdevkit/VOC2007/JPEGImages/000002.jpg',
          split: 'val',
          label: 'cat',
          stated: STATED,
          boxes: [box('cat', 1, 2, 10, 8)],
        },
        {
          path: 'VOCdevkit/VOC2007/JPEGImages/000003.jpg',
          split: 'trainval',
          stated: STATED,
          boxes: [],
        },
        { path: 'VOCdevkit/VOC2007/JPEGImages/000004.jpg', split: 'test' },
      ],
      notes: [
        /^Maps of objects that cannot be read .*SegmentationObject\/000002\.png: it is a picture in colours/,
      ],
      left: [
        { kind: 'mask', count: 2, example: 'VOCdevkit/VOC2007/Annotations/000001.xml' },
        { kind: 'mask-file', count: 2, example: 'VOCdevkit/VOC2007/SegmentationObject/000002.png' },
        { kind: 'file', name: '.txt', count: 1, example: 'VOCdevkit/VOC2007/ImageSets/Main/cat_train.txt' },
        { kind: 'part', count: 1 },
        { kind: 'unlisted', count: 1, example: 'VOCdevkit/VOC2007/JPEGImages/000005.jpg' },
      ],
    },
    'beside the images, as Roboflow writes it, with polygons and a size of 0': {
      files: {
        'train/a_jpg.rf.1.jpg': image(1),
        'train/a_jpg.rf.1.xml': voc(
          'a_jpg.rf.1.jpg',
          object(
            'R&amp;D &lt;x&gt;',
            [2, 3, 4, 9],
            '<polygon><x1>2</x1><y1>3</y1><x2>4</x2><y2>9</y2><x3>3</x3><y3>3</y3></polygon>',
          ),
          '<object><name>cat</name><polygon><x1>2</x1><y1>3</y1><x2>4.5</x2><y2>9</y2><x3>3</x3><y3>1</y3></polygon></object>',
        ).replace(/>24<|>16</g, '>0<'),
        'valid/b.png': image(2),
        'valid/b.xml': voc('b.png'),
      },
      entries: [
        {
          path: 'train/a_jpg.rf.1.jpg',
          split: 'train',
          boxes: [
            { ...box('R&D <x>', 2, 3, 2, 6), detail: { polygons: [[2, 3, 4, 9, 3, 3]] } },
            { ...box('cat', 2, 1, 2.5, 8), detail: { polygons: [[2, 3, 4.5, 9, 3, 1]] } },
          ],
        },
        { path: 'valid/b.png', split: 'valid', stated: STATED, boxes: [] },
      ],
    },
    'names without extension, of before a renaming, and of another machine; encodings; a document type': {
      files: {
        'images/1.png': image(1),
        'images/2.png': image(2),
        'images/photo.png': image(3),
        'images/four.png': image(4),
        'images/five.png': image(5),
        'xml/1.xml': voc('1', CAT),
        'xml/2.xml': voc('1.png', CAT),
        'xml/x3.xml': voc('C:\\Users\\me\\photo.png', CAT),
        'xml/x4.xml': Buffer.from(
          `<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE annotation [<!ENTITY e SYSTEM "file:///etc/passwd">]>${voc('wrong', '<path>/home/me/four.png</path>', object('façade', [0, 0, 1, 1]))}`,
          'latin1',
        ),
        'xml/x5.xml': Buffer.from(`\uFEFF${voc('five.png', object('貓', [0, 0, 0, 1]))}`, 'utf16le'),
        'xml/x6.xml': voc('gone'),
      },
      entries: [
        { path: 'images/1.png', label: 'cat', stated: STATED, boxes: [box('cat', 1, 2, 10, 8)] },
        { path: 'images/2.png', label: 'cat', stated: STATED, boxes: [box('cat', 1, 2, 10, 8)] },
        { path: 'images/photo.png', label: 'cat', stated: STATED, boxes: [box('cat', 1, 2, 10, 8)] },
        { path: 'images/four.png', label: 'façade', stated: STATED, boxes: [box('façade', 0, 0, 1, 1)] },
        { path: 'images/five.png', label: '貓', stated: STATED, boxes: [box('貓', 0, 0, 0, 1)] },
        { path: 'images/gone.jpg', stated: STATED, boxes: [] },
      ],
      notes: [/^1 annotation files name another image in `filename` than the one called like the file/],
    },
    'faulty objects and files': {
      files: {
        'a.png': image(1),
        'b.png': image(2),
        'c.png': image(3),
        'd.png': image(4),
        'a.xml': voc(
          'a.png',
          CAT,
          object('', [1, 2, 3, 4]),
          object('cat', [9, 2, 3, 4]),
          object('cat', [1, 'NaN', 3, 4]),
          object('cat', ['1,5', 2, 3, 4]),
          '<object><name>cat</name><robndbox><cx>1</cx></robndbox></object>',
        ),
        'b.xml': voc('b.png', '<object><name>cat</name>'),
        'c.xml': voc('c.png', object('&e;', [1, 2, 3, 4])),
        'd.xml': Buffer.from(voc('d.png', object('façade', [1, 2, 3, 4])), 'latin1'),
        'sub/a.xml': voc('../a.png'),
      },
      entries: [{ path: 'a.png', label: 'cat', stated: STATED, boxes: [box('cat', 1, 2, 10, 8)] }],
      left: [
        { kind: 'unlisted', count: 3 },
        { kind: 'other-shape', name: 'robndbox', count: 1, example: 'a.xml' },
        { kind: 'some-boxes', count: 1, example: 'a.png' },
      ],
      skips: [
        /a\.xml, line 7: the object has no name/,
        /a\.xml, line 13: .*negative size: xmax 3 is less than xmin 9/,
        /a\.xml, line 17: ymin "NaN" is no number/,
        /a\.xml, line 21: xmin "1,5" is no number/,
        /b\.xml, line 4: not well-formed XML: unexpected close tag/,
        /c\.xml, line 4: not well-formed XML: undefined entity/,
        /d\.xml.*the text is not utf-8\. Name its encoding/,
        /sub\/a\.xml: its image a\.png is that of a\.xml already/,
      ],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'a.png': image(1),
        'b.png': image(2),
        'c.png': image(3),
        'd.png': image(4),
        'a.xml': voc('a.png', object('cat', [1, 'NaN', 3, 4])),
        'b.xml': voc('b.png', '<object><name>cat</name><robndbox><cx>1</cx></robndbox></object>'),
        'c.xml': voc('c.png'),
        'd.xml': voc('d.png', CAT.replace('<bndbox>', '<difficult>1</difficult><bndbox>')),
      },
      entries: [
        { path: 'a.png', stated: STATED },
        { path: 'b.png', stated: STATED },
        { path: 'c.png', stated: STATED, boxes: [] },
        {
          path: 'd.png',
          label: 'cat',
          stated: STATED,
          boxes: [{ ...box('cat', 1, 2, 10, 8), detail: { attributes: { difficult: 1 } } }],
        },
      ],
      left: [
        { kind: 'all-boxes', count: 1, example: 'a.png' },
        { kind: 'other-shape', name: 'robndbox', count: 1 },
        { kind: 'no-boxes', count: 1, example: 'b.png' },
      ],
      skips: [/a\.xml, line \d+: ymin "NaN" is no number/],
    },
    'an image in two sets, ids with folders': {
      files: {
        'Annotations/s/1.xml': voc('1.png'),
        'Annotations/s/2.xml': voc('2.png'),
        'JPEGImages/s/1.png': image(1),
        'JPEGImages/s/2.png': image(2),
        'ImageSets/Main/default.txt': 's/1\n"s/2"\n',
        'ImageSets/Main/train.txt': 's/1\n',
        'ImageSets/Main/val.txt': 's/1\n',
      },
      entries: [
        { path: 'JPEGImages/s/1.png', split: 'train', stated: STATED, boxes: [] },
        { path: 'JPEGImages/s/2.png', stated: STATED, boxes: [] },
      ],
      skips: [/val\.txt, line 1: "s\/1" is in train\.txt already/],
    },
  },
  bad: {
    'not well-formed': {
      files: { 'a.png': image(1), 'a.xml': '<annotation><size></annotation>' },
      says: /a\.xml, line 1: not well-formed XML: unexpected close tag/,
    },
    'no name': {
      files: { 'a.png': image(1), 'a.xml': voc('a.png', object('  ', [1, 2, 3, 4])) },
      says: /a\.xml, line 3: the object has no name/,
    },
    'too deep': {
      files: { 'a.png': image(1), 'a.xml': `<annotation><size>${'<x>'.repeat(100)}` },
      says: /a\.xml, line 1: elements are nested deeper than 64/,
    },
  },
  unclear: {
    "LabelMe's old XML": {
      files: {
        'a.png': image(1),
        'a.xml':
          '<annotation><filename>a.png</filename><object><name>cat</name><polygon><pt><x>1</x><y>2</y></pt></polygon></object></annotation>',
      },
      verdict: 'not-understood',
      says: /a\.xml/,
      possible: ['flat-folder'],
    },
  },
});
