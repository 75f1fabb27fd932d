import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Source } from '../../core/import/sources/define.ts';
import cvat from '../../core/import/sources/cvat-xml.ts';
import kitti from '../../core/import/sources/kitti.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import voc from '../../core/import/sources/voc.ts';
import { temporaryFolder } from '../support/folders.ts';
import { makeImage } from '../support/images.ts';
import { READERS, runPython } from './read.ts';

type Boxes = Record<string, { label: string; box: number[]; outline?: number[] }[]>;
type Corners = [left: number, top: number, right: number, bottom: number];

/** Boxes by image: whole numbers, fractions, one without extent, one beyond the image; an image without boxes. */
const SET: Record<string, { label: string; corners: Corners }[]> = {
  '000000': [
    { label: 'cat', corners: [1, 2, 11, 10] },
    { label: 'dog', corners: [0.5, 1.25, 23.75, 15.5] },
  ],
  '000001': [
    { label: 'dog', corners: [3, 3, 3, 3] },
    { label: 'cat', corners: [20, 10, 30, 17] },
  ],
  '000002': [],
};

function vocText(name: string, boxes: (typeof SET)[string]): string {
  const objects = boxes.map(
    ({ label, corners: [left, top, right, bottom] }) =>
      `<object><name>${label}</name><pose>Left</pose><truncated>1</truncated><difficult>1</difficult><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
  );
  return `<annotation><filename>${name}.png</filename><size><width>24</width><height>16</height><depth>3</depth></size><segmented>0</segmented>${objects.join('')}</annotation>`;
}

function cvatText(): string {
  const images = Object.entries(SET).map(([name, boxes], id) => {
    const shapes = boxes.map(({ label, corners: [left, top, right, bottom] }, i) =>
      i === 0
        ? `<box label="${label}" occluded="1" xtl="${left}" ytl="${top}" xbr="${right}" ybr="${bottom}" z_order="0"></box>`
        : `<polygon label="${label}" occluded="0" points="${left},${top};${right},${top};${right},${bottom};${left},${bottom}" z_order="0"></polygon>`,
    );
    return `<image id="${id}" name="${name}.png" width="24" height="16">${shapes.join('')}</image>`;
  });
  const labels = ['cat', 'dog'].map((name) => `<label><name>${name}</name><attributes></attributes></label>`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version><meta><task><labels>${labels.join('')}</labels></task></meta>${images.join('\n')}</annotations>`;
}

/** The files of the set in each format, without its images, and the folder of these. */
const FORMATS: Record<string, { source: Source; images: string; files: Record<string, string> }> = {
  voc: {
    source: voc,
    images: 'JPEGImages',
    files: {
      'ImageSets/Main/train.txt': `${Object.keys(SET).join('\n')}\n`,
      'labelmap.txt': '# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:128,0,0::\ndog:0,128,0::\n',
      ...Object.fromEntries(
        Object.entries(SET).map(([name, boxes]) => [`Annotations/${name}.xml`, vocText(name, boxes)]),
      ),
    },
  },
  kitti: {
    source: kitti,
    images: 'training/image_2',
    files: Object.fromEntries(
      Object.entries(SET).map(([name, boxes]) => [
        `training/label_2/${name}.txt`,
        boxes
          .map(({ label, corners }) => `${label} 0.5 1 -1.5 ${corners.join(' ')} 1 2 3 4 5 6 0.1\n`)
          .join(''),
      ]),
    ),
  },
  cvat: { source: cvat, images: 'images', files: { 'annotations.xml': cvatText() } },
};

async function written(format: string): Promise<string> {
  const folder = temporaryFolder();
  const { images, files } = FORMATS[format]!;
  const put = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  for (const [i, name] of Object.keys(SET).entries())
    put(`${images}/${name}.png`, (await makeImage(i)).bytes);
  return folder;
}

async function imported(source: Source, folder: string): Promise<Boxes> {
  const found: Boxes = {};
  for await (const { path, boxes } of source.list(folder, new Reading(folder, { strict: true })))
    found[path.slice(path.lastIndexOf('/') + 1, -'.png'.length)] = boxes!.map(
      ({ label, values, detail }) => ({
        label,
        box: values,
        ...(detail?.polygons && { outline: detail.polygons.flat() }),
      }),
    );
  return found;
}

function theirs(reader: string, folder: string): Boxes {
  return JSON.parse(runPython('boxes', reader, folder)) as Boxes;
}

test.skipIf(READERS === null).each(Object.keys(FORMATS))(
  'an import of %s has the boxes and outlines that datumaro has',
  async (format) => {
    const folder = await written(format);
    const ours = await imported(FORMATS[format]!.source, folder);
    expect(Object.values(ours).flat()).toHaveLength(4);
    expect(ours).toEqual(theirs(`datumaro-${format}`, folder));
  },
);

test.skipIf(READERS === null)(
  'supervision has the boxes of Pascal VOC one pixel further left and up: it counts pixels from 1 in every file',
  async () => {
    const folder = await written('voc');
    const ours = await imported(voc, folder);
    const shifted = Object.fromEntries(
      Object.entries(ours).map(([image, boxes]) => [
        image,
        boxes.map(({ label, box: [left, top, width, height] }) => ({
          label,
          box: [left! - 1, top! - 1, width! + 1, height! + 1],
        })),
      ]),
    );
    expect(theirs('supervision-voc', folder)).toEqual(shifted);
  },
);
