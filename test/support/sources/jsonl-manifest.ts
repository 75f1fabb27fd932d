import { defineFixtures, lines } from './define.ts';

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
    'label list': {
      files: { 'a.jsonl': lines({ path: 'a.png', label: ['x', 'y'] }) },
      says: /line 1: `label` must be one text, not a list/,
    },
    'bad boxes': {
      files: { 'a.jsonl': lines({ path: 'a.png', boxes: [{ label: 'x', values: [1, 2, 3] }] }) },
      says: /line 1: `boxes` must be/,
    },
    'path twice': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '', { path: 'x/../a.png' }) },
      says: /line 3: "a\.png" is already listed in line 1/,
    },
  },
});
