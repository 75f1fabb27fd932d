import { defineFixtures, image, lines } from './define.ts';

const REST = '1.65 1.67 3.64 -0.65 1.71 46.70 -1.59';
const NO_REST = '-1 -1 -1 -1000 -1000 -1000 -10';

const box = (label: string, ...values: [number, number, number, number]) => ({
  label,
  format: 'xywh-pixel' as const,
  values,
});

export default defineFixtures({
  id: 'kitti',
  good: {
    'as the benchmark publishes it, the right camera too': {
      files: {
        'training/label_2/000000.txt': lines(
          `Car 0.00 0 -1.58 1.50 2.25 9.50 12.25 ${REST}`,
          `DontCare -1 -1 -10 1 1 2 2 ${NO_REST}`,
          `Person_sitting 0.5 2 -10 1 2 3 4 ${NO_REST}`,
          '',
        ),
        'training/label_2/000001.txt': '',
        'training/label_2/000002.txt': `Car 0 3 -10 1 2 3 4 ${NO_REST}\r\nCar 0 3 -10 1 2 1 2 ${NO_REST}\r\n`,
        'training/image_2/000000.png': image(0),
        'training/image_2/000001.png': image(1),
        'training/image_2/000002.png': image(2),
        'training/image_2/000003.png': image(3),
        'training/image_3/000000.png': image(4),
        'training/calib/000000.txt': 'P0: 7.2e+02 0 6.0e+02 0 0 7.2e+02 1.7e+02 0 0 0 1 0\n',
        'training/velodyne/000000.bin': 'x',
        'testing/image_2/000000.png': image(5),
      },
      entries: [
        {
          path: 'training/image_2/000000.png',
          split: 'training',
          boxes: [
            {
              ...box('Car', 1.5, 2.25, 8, 10),
              detail: {
                attributes: {
                  alpha: -1.58,
                  dimensions: [1.65, 1.67, 3.64],
                  location: [-0.65, 1.71, 46.7],
                  rotation_y: -1.59,
                },
              },
            },
            {
              ...box('Person_sitting', 1, 2, 2, 2),
              detail: { attributes: { truncated: 0.5, occluded: 2 } },
            },
          ],
        },
        { path: 'training/image_2/000001.png', split: 'training', boxes: [] },
        {
          path: 'training/image_2/000002.png',
          split: 'training',
          label: 'Car',
          boxes: [box('Car', 1, 2, 2, 2), box('Car', 1, 2, 0, 0)],
        },
        { path: 'testing/image_2/000000.png', split: 'testing' },
      ],
      left: [
        { kind: 'unlisted', count: 2, example: 'training/image_2/000003.png' },
        { kind: 'file', name: '.txt', count: 1, example: 'training/calib/000000.txt' },
        { kind: 'ignored', name: 'DontCare', count: 1, example: 'training/label_2/000000.txt' },
        { kind: 'file', name: '.bin', count: 1 },
      ],
    },
    'labels and images, with scores, in folders of splits': {
      files: {
        'train/labels/a.txt': `cat 0 0 0 1 2 3 4 0 0 0 0 0 0 0 0.75`,
        'train/images/a.jpg': image(0),
        'val/labels/gone.txt': `cat 0 0 0 1 2 3 4 0 0 0 0 0 0 0`,
        'val/images/b.jpg': image(1),
      },
      entries: [
        {
          path: 'train/images/a.jpg',
          split: 'train',
          label: 'cat',
          boxes: [{ ...box('cat', 1, 2, 2, 2), detail: { columns: { score: 0.75 } } }],
        },
        { path: 'val/images/gone.png', split: 'val', label: 'cat', boxes: [box('cat', 1, 2, 2, 2)] },
      ],
      left: [{ kind: 'unlisted', count: 1, example: 'val/images/b.jpg' }],
    },
    'beside the images, with faulty lines': {
      files: {
        'a.png': image(0),
        'a.txt': lines(
          'cat 0 0 0 1 2 3 4 0 0 0 0 0 0 0',
          'cat 0 0 0 1 2 3 4 0 0 0 0 0 0',
          'traffic light 0 0 0 1 2 3 4 0 0 0 0 0 0 0 0.5',
          'cat 0 0 0 1 2 nan 4 0 0 0 0 0 0 0',
          'cat 0 0 0 5 2 3 4 0 0 0 0 0 0 0',
        ),
        'notes.txt': 'nothing of this kind',
      },
      entries: [{ path: 'a.png', label: 'cat', boxes: [box('cat', 1, 2, 2, 2)] }],
      left: [
        { kind: 'some-boxes', count: 1, example: 'a.png' },
        { kind: 'file', name: '.txt', count: 1, example: 'notes.txt' },
      ],
      skips: [
        /a\.txt, line 2: expected 15 columns, or 16 with a score, not 14/,
        /a\.txt, line 3: expected 15 columns, or 16 with a score, not 17/,
        /a\.txt, line 4: nan is no number/,
        /a\.txt, line 5: the box has a negative size/,
      ],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'images/a.png': image(0),
        'images/b.png': image(1),
        'images/c.png': image(2),
        'images/d.png': image(3),
        'labels/a.txt': 'cat 0 0 0 5 2 3 4 0 0 0 0 0 0 0',
        'labels/b.txt': `DontCare -1 -1 -10 1 1 2 2 ${NO_REST}`,
        'labels/c.txt': '',
        'labels/d.txt': `DontCare -1 -1 -10 1 1 2 2 ${NO_REST}\ncat 0 0 0 5 2 3 4 0 0 0 0 0 0 0`,
      },
      entries: [
        { path: 'images/a.png' },
        { path: 'images/b.png' },
        { path: 'images/c.png', boxes: [] },
        { path: 'images/d.png' },
      ],
      left: [
        { kind: 'all-boxes', count: 2, example: 'images/a.png' },
        { kind: 'ignored', name: 'DontCare', count: 2 },
        { kind: 'no-boxes', count: 1, example: 'images/b.png' },
      ],
      skips: [/a\.txt, line 1: the box has a negative size/, /d\.txt, line 2: the box has a negative size/],
    },
  },
  bad: {
    'a column too few': {
      files: {
        'images/a.png': image(0),
        'labels/a.txt': 'cat 0 0 0 1 2 3 4 0 0 0 0 0 0 0\ncat 0 0 0 1 2 3 4',
      },
      says: /a\.txt, line 2: expected 15 columns/,
    },
  },
});
