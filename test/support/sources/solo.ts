import { colourOf } from '../../../imaging/label-map.ts';
import { defineFixtures, image } from './define.ts';
import { colourMap, maskOver } from './numbers.ts';

const SIZE = { width: 24, height: 16 };
const type = (name: string): object => ({ '@type': `type.unity.com/unity.solo.${name}` });
const box = (instanceId: number, labelName: string, origin: unknown, dimension: unknown): object => ({
  instanceId,
  labelId: 1,
  labelName,
  origin,
  dimension,
});
const boxes = (...values: object[]): object => ({
  ...type('BoundingBox2DAnnotation'),
  id: 'bounding box',
  values,
});
const camera = (filename: string | undefined, ...annotations: object[]): object => ({
  ...type('RGBCamera'),
  id: 'camera',
  filename,
  imageFormat: 'Png',
  dimension: [24.0, 16.0],
  annotations,
});
const frame = (...captures: object[]): string =>
  JSON.stringify({ frame: 0, sequence: 0, step: 0, captures, metrics: [] });
const [RED, GREEN, BLUE, BLACK] = [
  colourOf(255, 0, 0),
  colourOf(0, 255, 0),
  colourOf(0, 0, 255),
  colourOf(0, 0, 0),
];

export default defineFixtures({
  id: 'solo',
  good: {
    'boxes, instances and keypoints joined by instance, two cameras, class maps': {
      files: {
        'metadata.json': JSON.stringify({ perceptionVersion: '1.0.0', totalFrames: 2 }),
        'annotation_definitions.json': JSON.stringify({
          annotationDefinitions: [
            {
              ...type('BoundingBox2DAnnotation'),
              id: 'bounding box',
              spec: [
                { label_id: 2, label_name: 'dog' },
                { label_id: 1, label_name: 'cat' },
              ],
            },
          ],
        }),
        'sequence.0/step0.camera.png': image(0),
        'sequence.0/step0.camera.instance segmentation.png': colourMap(
          BLACK,
          [RED, 2, 3, 4, 5],
          [GREEN, 10, 0, 2, 2],
          [BLUE, 0, 0, 1, 1],
        ),
        'sequence.0/step0.camera.semantic segmentation.png': colourMap(BLACK),
        'sequence.0/step0.camera.Depth.png': image(9),
        'sequence.0/step0.frame_data.json': frame(
          camera(
            'step0.camera.png',
            boxes(box(1, 'cat', [2, 3], [4, 5]), box(7, 'dog', [1.5, 2], [3, 3.25])),
            {
              ...type('InstanceSegmentationAnnotation'),
              filename: 'step0.camera.instance segmentation.png',
              instances: [
                { instanceId: 1, labelId: 1, labelName: 'cat', color: [255, 0, 0, 255] },
                { instanceId: 4, labelId: 2, labelName: 'dog', color: [0, 255, 0, 255] },
              ],
            },
            {
              ...type('SemanticSegmentationAnnotation'),
              filename: 'step0.camera.semantic segmentation.png',
              instances: [],
            },
            {
              ...type('KeypointAnnotation'),
              templateId: 't',
              values: [
                {
                  instanceId: 1,
                  labelId: 1,
                  pose: 'unset',
                  keypoints: [
                    { index: 0, location: [2.5, 3], state: 2 },
                    { index: 1, location: [0, 0], state: 0 },
                  ],
                },
                { instanceId: 30, keypoints: [{ index: 0, location: [1, 1], state: 1 }] },
              ],
            },
            { ...type('BoundingBox3DAnnotation'), values: [{ instanceId: 1 }] },
          ),
        ),
        'sequence.10/step0.camera.png': image(1),
        'sequence.10/step0.frame_data.json': frame(camera('step0.camera.png')),
        'sequence.2/step0.camera1.png': image(2),
        'sequence.2/step0.camera2.png': image(3),
        'sequence.2/step0.camera2.semantic segmentation.png': colourMap(BLACK, [RED, 0, 8, 24, 8]),
        'sequence.2/step0.frame_data.json': frame(
          camera('step0.camera1.png', boxes()),
          camera('step0.camera2.png', {
            ...type('SemanticSegmentationAnnotation'),
            filename: 'step0.camera2.semantic segmentation.png',
            instances: [{ labelName: 'road', pixelValue: [255, 0, 0, 255] }],
          }),
        ),
      },
      classes: ['cat', 'dog'],
      entries: [
        {
          path: 'sequence.0/step0.camera.png',
          stated: SIZE,
          boxes: [
            {
              label: 'cat',
              format: 'xywh-pixel',
              values: [2, 3, 4, 5],
              detail: {
                attributes: { instanceId: 1 },
                mask: maskOver([2, 3, 4, 5]),
                keypoints: [
                  [2.5, 3, 2],
                  [0, 0, 0],
                ],
              },
            },
            {
              label: 'dog',
              format: 'xywh-pixel',
              values: [1.5, 2, 3, 3.25],
              detail: { attributes: { instanceId: 7 } },
            },
            {
              label: 'dog',
              format: 'xywh-pixel',
              values: [10, 0, 2, 2],
              detail: { attributes: { instanceId: 4 }, mask: maskOver([10, 0, 2, 2]) },
            },
          ],
        },
        { path: 'sequence.2/step0.camera1.png', stated: SIZE, boxes: [] },
        {
          path: 'sequence.2/step0.camera2.png',
          stated: SIZE,
          boxes: [
            {
              label: 'road',
              format: 'xywh-pixel',
              values: [0, 8, 24, 8],
              detail: { crowd: true, mask: maskOver([0, 8, 24, 8]) },
            },
          ],
        },
        { path: 'sequence.10/step0.camera.png', stated: SIZE },
      ],
      left: [
        {
          kind: 'undeclared',
          name: '(0, 0, 255, 255)',
          count: 1,
          example: 'sequence.0/step0.camera.instance segmentation.png',
        },
        { kind: 'keypoints', count: 1, example: 'sequence.0/step0.frame_data.json' },
        { kind: 'other-shape', name: 'BoundingBox3DAnnotation', count: 1 },
        { kind: 'mask-file', count: 1, example: 'sequence.0/step0.camera.semantic segmentation.png' },
        { kind: 'mask-beside', count: 1, example: 'sequence.0/step0.camera.Depth.png' },
      ],
    },
    'faulty frames and records': {
      files: {
        'sequence.0/step0.camera.png': image(0),
        'sequence.0/step0.frame_data.json': frame(
          camera(
            'step0.camera.png',
            boxes(box(1, 'cat', [2, 3], [4, 5]), box(2, 'cat', [2], [4, 5]), box(3, 'cat', [2, 3], [-4, 5]), {
              ...box(4, 'cat', [2, 3], [4, 5]),
              labelName: undefined,
            }),
            { ...type('KeypointAnnotation'), values: [{ instanceId: 1, keypoints: [{ location: 'x' }] }] },
          ),
        ),
        'sequence.1/step0.camera.png': image(1),
        'sequence.1/step0.frame_data.json': frame(
          camera('step0.camera.png', {
            ...type('InstanceSegmentationAnnotation'),
            filename: 'gone.png',
            instances: [{ instanceId: 1, labelName: 'cat', color: [255, 0, 0, 255] }],
          }),
        ),
        'sequence.2/step0.frame_data.json': '{"captures": [',
        'sequence.3/step0.frame_data.json': frame(camera(undefined)),
        'sequence.4/step0.frame_data.json': '{"frame": 1}',
      },
      entries: [
        {
          path: 'sequence.0/step0.camera.png',
          label: 'cat',
          stated: SIZE,
          boxes: [
            {
              label: 'cat',
              format: 'xywh-pixel',
              values: [2, 3, 4, 5],
              detail: { attributes: { instanceId: 1 } },
            },
          ],
        },
        { path: 'sequence.1/step0.camera.png', stated: SIZE },
      ],
      left: [
        { kind: 'some-boxes', count: 1, example: 'sequence.0/step0.camera.png' },
        { kind: 'all-boxes', count: 1, example: 'sequence.1/step0.camera.png' },
      ],
      skips: [
        /sequence\.0\/step0\.frame_data\.json: a box without `origin` and `dimension` .* \(id 2\)/,
        /negative size \(id 3\)/,
        /no `labelName` \(id 4\)/,
        /keypoints without a `location` .* \(id 1\)/,
        /sequence\.1\/gone\.png: /,
        /sequence\.2\/step0\.frame_data\.json.*: no valid JSON/,
        /sequence\.3\/step0\.frame_data\.json: a capture without `filename`/,
        /sequence\.4\/step0\.frame_data\.json: there are no `captures`/,
      ],
    },
  },
  bad: {
    'no captures': {
      files: { 'sequence.0/step0.camera.png': image(0), 'sequence.0/step0.frame_data.json': '{}' },
      says: /step0\.frame_data\.json: there are no `captures`/,
    },
  },
});
