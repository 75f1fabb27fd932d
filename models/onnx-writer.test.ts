import { expect, test } from 'vitest';
import { type Attribute, node, tensor } from './onnx-writer.ts';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

test('a tensor is its dimensions, element type, name and raw little-endian data', () => {
  const bytes = tensor('t', [2], Int32Array.of(1, -1)).finish();
  expect(hex(bytes)).toBe(['0802', '1006', '420174', '4a0801000000ffffffff'].join(''));
});

// Name a, then the value in the field of its kind, then that kind: INT 2, FLOAT 1, STRING 3, INTS 7 (onnx.proto).
test.each<[string, Attribute, string]>([
  ['a whole number', 2, '0a01611802a00102'],
  ['a negative one', -1, '0a016118ffffffffffffffffff01a00102'],
  ['a float', { float: -2 }, '0a016115000000c0a00101'],
  ['text', 's', '0a0161220173a00103'],
  ['a list', [1, 2], '0a016140014002a00107'],
])('%s becomes an attribute of its own kind', (_what, value, expected) => {
  const length = (expected.length / 2).toString(16).padStart(2, '0');
  expect(hex(node('X', [], [], { a: value }).finish())).toBe(`2201582a${length}${expected}`);
});
