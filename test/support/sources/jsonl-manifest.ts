import { defineFixtures, image, lines } from './define.ts';

export default defineFixtures({
  id: 'jsonl-manifest',
  good: {
    'exact seeds, numbers as labels': {
      files: {
        'set.jsonl': lines('{"image": "a.png", "target": 3, "seed": 18446744073709551615}', '', {
          path: 'b.png',
          prompt: '',
        }),
      },
      entries: [
        { path: 'a.png', label: '3', seed: '18446744073709551615' },
        { path: 'b.png', prompt: '' },
      ],
    },
    'faulty lines are left out, several labels are none': {
      files: {
        'set.jsonl': lines(
          { path: 'a.png', label: 'x' },
          '{"path": ',
          '["b.png"]',
          { label: 'y' },
          { path: 'c.png', label: { name: 'x' } },
          { path: 'd.png', labels: ['x', 'y'] },
          { path: 'e.png', labels: ['x'] },
          { path: 'f.png', boxes: [{ label: 'x', values: [1, 2, 3] }] },
          { path: 'a.png', label: 'x' },
          { path: 'g.png', label: 'x', note: '', faces: 0, tags: ['s'] },
        ),
      },
      entries: [
        { path: 'a.png', label: 'x' },
        { path: 'd.png' },
        { path: 'e.png', label: 'x' },
        { path: 'f.png' },
        { path: 'g.png', label: 'x' },
      ],
      left: [
        { kind: 'label', count: 2, example: 'set.jsonl' },
        { kind: 'all-boxes', count: 1, example: 'f.png' },
        { kind: 'column', name: 'faces', count: 1 },
        { kind: 'column', name: 'tags', count: 1 },
      ],
      skips: [
        /set\.jsonl, line 2: not JSON/,
        /line 3: not a JSON object/,
        /line 4: no image path/,
        /line 5: `label` must be one text, not an object/,
        /line 8: `boxes` must be/,
      ],
      notes: [/One row is repeated/],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'set.jsonl': lines(
          { path: 'a.png', label: 'x', boxes: 'none' },
          {
            path: 'b.png',
            boxes: [{ label: 'x' }, { label: 'x', format: 'xywh-pixel', values: [1, 2, 3, 4] }],
          },
          { path: 'c.png', boxes: [] },
          { path: 'd.png' },
          { path: 'e.png', objects: { bbox: [[1, 2, null, 4]], category: ['x'] } },
          { path: 'f.png', objects: [{ bbox: [1, 2, 3, 4], category: 'x' }, { category: 'x' }, 3] },
          { path: 'g.png', objects: { bbox: [[1, 2, 3, 4]], category: ['x'], iscrowd: [1] } },
          { path: 'h.png', objects: { bbox: [], category: [] } },
        ),
      },
      entries: [
        { path: 'a.png', label: 'x' },
        { path: 'b.png', boxes: [{ label: 'x', format: 'xywh-pixel', values: [1, 2, 3, 4] }] },
        { path: 'c.png', boxes: [] },
        { path: 'd.png' },
        { path: 'e.png' },
        { path: 'f.png', boxes: [{ label: 'x', format: 'xywh-pixel', values: [1, 2, 3, 4] }] },
        {
          path: 'g.png',
          boxes: [{ label: 'x', format: 'xywh-pixel', values: [1, 2, 3, 4], detail: { crowd: true } }],
        },
        { path: 'h.png', boxes: [] },
      ],
      left: [
        { kind: 'all-boxes', count: 2, example: 'a.png' },
        { kind: 'some-boxes', count: 2, example: 'b.png' },
      ],
      skips: [
        /line 1: `boxes` must be/,
        /line 2: `boxes` must be/,
        /line 5: object 1 of `objects`: its box is not four numbers/,
        /line 6: object 2 of `objects`: its box is not four numbers/,
        /line 6: object 3 of `objects`: its box is not four numbers/,
      ],
    },
    'a JSON array': {
      files: {
        'labels.json':
          '[\n  {"image": "a.png", "label": "x", "seed": 18446744073709551615},\n  {"label": "y"},\n  3,\n  {"image": "b.png"}\n]\n',
        'a.png': image(0),
      },
      entries: [{ path: 'a.png', label: 'x', seed: '18446744073709551615' }, { path: 'b.png' }],
      skips: [/labels\.json, line 3: no image path/, /line 4: not a JSON object/],
    },
    'one box per line': {
      files: {
        'a.jsonl': lines(
          { image: 'a.png', class: 'x', bbox_xyxy: [1, 2, 4, 8] },
          { image: 'a.png', class: 'x', bbox_xyxy: [2, 2, 4, 8] },
        ),
      },
      entries: [
        {
          path: 'a.png',
          label: 'x',
          boxes: [
            { label: 'x', format: 'xywh-pixel', values: [1, 2, 3, 6] },
            { label: 'x', format: 'xywh-pixel', values: [2, 2, 2, 6] },
          ],
        },
      ],
    },
  },
  bad: {
    'not JSON': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '{"path": ') },
      says: /a\.jsonl, line 2: not JSON/,
    },
    'not an object': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '["b.png"]') },
      says: /line 2: not a JSON object/,
    },
    'a label that is no text': {
      files: { 'a.jsonl': lines({ path: 'a.png', label: { x: 1 } }) },
      says: /line 1: `label` must be one text, not an object/,
    },
    'bad boxes': {
      files: { 'a.jsonl': lines({ path: 'a.png', boxes: [{ label: 'x', values: [1, 2, 3] }] }) },
      says: /line 1: `boxes` must be/,
    },
    'path twice': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '', { path: 'x/../a.png', label: 'b' }) },
      says: /line 3: "a\.png" is already listed in line 1/,
    },
    'array cut off': {
      files: { 'a.json': '[{"path": "a.png"},\n{"path": "b.png"}' },
      says: /a\.json, line 2: the JSON text ends early/,
    },
  },
});
