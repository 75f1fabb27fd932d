import { defineFixtures, image } from './define.ts';
import { greyMap, maskOver } from './numbers.ts';

const json = (value: unknown): string => JSON.stringify(value);
const pose = (obj_id: number): object => ({
  cam_R_m2c: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  cam_t_m2c: [0, 0, 500.5],
  obj_id,
});
const POSE = { cam_R_m2c: [1, 0, 0, 0, 1, 0, 0, 0, 1], cam_t_m2c: [0, 0, 500.5] };

export default defineFixtures({
  id: 'bop',
  good: {
    'as BlenderProc writes it, one object hidden, and a scene without masks': {
      files: {
        'camera.json': json({ width: 24, height: 16 }),
        'train_pbr/000000/rgb/000000.jpg': image(0),
        'train_pbr/000000/rgb/000001.jpg': image(1),
        'train_pbr/000000/rgb/000002.jpg': image(2),
        'train_pbr/000000/depth/000000.png': image(3),
        'train_pbr/000000/mask/000000_000000.png': greyMap(0, [255, 2, 3, 9, 9]),
        'train_pbr/000000/mask_visib/000000_000000.png': greyMap(0, [255, 2, 3, 4, 5]),
        'train_pbr/000000/mask_visib/000000_000001.png': greyMap(0),
        'train_pbr/000000/mask_visib/000000_000002.png': greyMap(0, [255, 9, 9, 1, 1]),
        'train_pbr/000000/scene_camera.json': json({}),
        'train_pbr/000000/scene_gt.json': json({ 0: [pose(5), pose(5), pose(12)], 1: [] }),
        'train_pbr/000000/scene_gt_info.json': json({
          0: [
            { bbox_obj: [2, 3, 9, 9], bbox_visib: [2, 3, 4, 5], px_count_visib: 20, visib_fract: 0.25 },
            { bbox_obj: [0, 0, 3, 3], bbox_visib: [-1, -1, -1, -1], px_count_visib: 0, visib_fract: 0 },
            { bbox_obj: [9, 9, 1, 1], bbox_visib: [9, 9, 1, 1], px_count_visib: 1, visib_fract: 1 },
          ],
          1: [],
        }),
        'test/000003/gray/7.png': image(4),
        'test/000003/scene_gt.json': json({ 7: [{ obj_id: 1 }] }),
        'test/000003/scene_gt_info.json': json({ 7: [{ bbox_visib: [1, 1, 2, 2] }] }),
      },
      entries: [
        {
          path: 'test/000003/gray/7.png',
          label: '1',
          split: 'test',
          boxes: [{ label: '1', format: 'xywh-pixel', values: [1, 1, 2, 2], detail: {} }],
        },
        {
          path: 'train_pbr/000000/rgb/000000.jpg',
          split: 'train',
          boxes: [
            {
              label: '5',
              format: 'xywh-pixel',
              values: [2, 3, 4, 5],
              detail: {
                mask: maskOver([2, 3, 4, 5]),
                attributes: { bbox_obj: [2, 3, 9, 9], px_count_visib: 20, visib_fract: 0.25, ...POSE },
              },
            },
            {
              label: '12',
              format: 'xywh-pixel',
              values: [9, 9, 1, 1],
              detail: {
                mask: maskOver([9, 9, 1, 1]),
                attributes: { bbox_obj: [9, 9, 1, 1], px_count_visib: 1, visib_fract: 1, ...POSE },
              },
            },
          ],
        },
        { path: 'train_pbr/000000/rgb/000001.jpg', split: 'train', boxes: [] },
      ],
      left: [
        { kind: 'hidden', count: 1, example: 'train_pbr/000000/scene_gt.json' },
        { kind: 'mask-beside', count: 1, example: 'train_pbr/000000/depth/000000.png' },
        { kind: 'mask-file', count: 1, example: 'train_pbr/000000/mask/000000_000000.png' },
        { kind: 'unlisted', count: 1, example: 'train_pbr/000000/rgb/000002.jpg' },
      ],
    },
    'faulty scenes and records': {
      files: {
        '0/rgb/0.png': image(0),
        '0/mask_visib/0_2.png': greyMap(0, [255, 9, 9, 1, 1], [7, 0, 0, 1, 1]),
        '0/mask_visib/0_3.png': greyMap(0, [255, 9, 9, 2, 2]),
        '0/scene_gt.json': json({ 0: [{}, pose(2), pose(3), { obj_id: 4 }] }),
        '1/rgb/0.png': image(1),
        '1/scene_gt.json': json({ 0: [pose(2)] }),
        '1/scene_gt_info.json': '{"0": [',
        '2/rgb/0.png': image(2),
        '2/scene_gt.json': json({ 0: [{ obj_id: 3 }] }),
        '3/rgb/0.png': image(3),
        '3/scene_gt.json': json({ 0: { obj_id: 3 } }),
      },
      entries: [
        {
          path: '0/rgb/0.png',
          label: '4',
          boxes: [
            {
              label: '4',
              format: 'xywh-pixel',
              values: [9, 9, 2, 2],
              detail: { mask: maskOver([9, 9, 2, 2]) },
            },
          ],
        },
        { path: '2/rgb/0.png' },
      ],
      left: [
        { kind: 'unlisted', count: 2, example: '1/rgb/0.png' },
        { kind: 'some-boxes', count: 1, example: '0/rgb/0.png' },
        { kind: 'all-boxes', count: 1, example: '2/rgb/0.png' },
      ],
      skips: [
        /0\/scene_gt\.json: object 0 of 0\/rgb\/0\.png has no `obj_id`/,
        /object 1 of 0\/rgb\/0\.png has neither `bbox_visib` in scene_gt_info\.json nor a file in mask_visib/,
        /0\/mask_visib\/0_2\.png: a mask of one object should have the numbers 0 and 255 alone/,
        /1\/scene_gt_info\.json.*no valid JSON/,
        /object 0 of 2\/rgb\/0\.png has neither/,
        /3\/scene_gt\.json: image 0 should have a list of objects/,
      ],
    },
  },
});
