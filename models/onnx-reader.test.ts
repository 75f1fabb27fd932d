import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { ProtobufError, readOnnx } from './onnx-reader.ts';
import { graph, model, node, ProtoWriter, tensor, valueInfo } from './onnx-writer.ts';
import { toyGraph, toyModel } from './testing/toy-packs.ts';

const VALUE = valueInfo('embedding', 'float32', ['n', 3]);

/** A node whose attribute number `field` holds `value`: 6 a graph, 11 one of several graphs, 5 a tensor. */
function nodeHolding(field: number, value: ProtoWriter): ProtoWriter {
  return node('If', ['mean'], ['embedding']).message(
    5,
    new ProtoWriter().string(1, 'then_branch').message(field, value),
  );
}

function externalTensor(name: string): ProtoWriter {
  const entry = new ProtoWriter().string(1, 'location').string(2, '/etc/passwd');
  return new ProtoWriter().int(1, 3).int(2, 1).string(8, name).message(13, entry).int(14, 1);
}

describe('readOnnx', () => {
  test('reads what the writer wrote', () => {
    const summary = readOnnx(toyModel().finish());
    expect(summary.inputs).toEqual([{ name: 'image', element: 1, dims: ['n', 3, 4, 4] }]);
    expect(summary.outputs).toEqual([{ name: 'embedding', element: 1, dims: ['n', 3] }]);
    expect([...summary.operators]).toEqual(['::ReduceMean', '::Mul']);
    expect([...summary.opsetDomains]).toEqual(['']);
    expect(summary.externalTensors).toEqual([]);
  });

  test('does not count an input that an initializer fills', () => {
    const body = graph({
      nodes: [node('Add', ['image', 'w'], ['embedding'])],
      initializers: [tensor('w', [1], Float32Array.of(1))],
      inputs: [valueInfo('image', 'float32', ['n', 3]), valueInfo('w', 'float32', [1])],
      outputs: [VALUE],
    });
    expect(readOnnx(model(body).finish()).inputs.map((input) => input.name)).toEqual(['image']);
  });

  test.each([6, 11])(
    'finds a foreign operator in a subgraph three levels down (attribute field %i)',
    (field) => {
      const odd = node('Evil', ['a'], ['b']).string(7, 'com.evil');
      let inner = graph({ nodes: [odd], inputs: [], outputs: [] });
      for (let level = 0; level < 2; level++) {
        inner = graph({ nodes: [nodeHolding(field, inner)], inputs: [], outputs: [] });
      }
      const summary = readOnnx(toyModel([nodeHolding(field, inner)]).finish());
      expect(summary.operators).toContain('com.evil::Evil');
      expect(summary.nodeDomains).toContain('com.evil');
    },
  );

  test('finds a foreign operator in a function, its domain and its imports', () => {
    const body = new ProtoWriter()
      .string(1, 'Helper')
      .message(7, node('Evil', [], []).string(7, 'com.evil'))
      .message(9, new ProtoWriter().string(1, 'com.imported').int(2, 1))
      .string(10, 'local.domain');
    const summary = readOnnx(toyModel().message(25, body).finish());
    expect(summary.operators).toContain('com.evil::Evil');
    expect(summary.opsetDomains).toContain('com.imported');
    expect(summary.functionDomains).toContain('local.domain');
  });

  test.each([
    ['an initializer', toyGraph([], { initializers: [externalTensor('w')] })],
    ['an attribute', toyGraph([nodeHolding(5, externalTensor('w'))])],
    ['a sparse initializer', toyGraph([]).message(15, new ProtoWriter().message(1, externalTensor('w')))],
    [
      'a subgraph',
      toyGraph([
        nodeHolding(6, graph({ nodes: [], initializers: [externalTensor('w')], inputs: [], outputs: [] })),
      ]),
    ],
  ])('finds external data in %s', (_where, body) => {
    expect(readOnnx(model(body).finish()).externalTensors).toEqual(['w']);
  });

  test('finds external data in a second graph that protobuf would merge into the first', () => {
    const second = graph({ nodes: [], initializers: [externalTensor('hidden')], inputs: [], outputs: [] });
    expect(readOnnx(toyModel().message(7, second).finish()).externalTensors).toEqual(['hidden']);
  });

  test('counts a domain that a later empty one would replace', () => {
    const hidden = node('Evil', [], []).string(7, 'com.evil').string(7, '');
    expect(readOnnx(toyModel([hidden]).finish()).nodeDomains).toContain('com.evil');
  });

  test('refuses nesting without end', () => {
    let inner = graph({ nodes: [], inputs: [], outputs: [] });
    for (let level = 0; level < 60; level++) {
      inner = graph({ nodes: [nodeHolding(6, inner)], inputs: [], outputs: [] });
    }
    expect(() => readOnnx(toyModel([nodeHolding(6, inner)]).finish())).toThrow(/nested deeper/);
  });

  test.each([
    ['nothing', new Uint8Array(), /no graph/],
    ['text', Buffer.from('this is not a model at all'), /byte/],
    [
      'a length beyond the end',
      Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1),
      /claims 4294967295 bytes/,
    ],
    ['a number that never ends', new Uint8Array(20).fill(0xff), /longer than ten bytes/],
    ['a number cut short', Uint8Array.of(0x08, 0x80), /ends inside a number/],
    ['a group', Uint8Array.of(0x3b), /wire type 3/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => readOnnx(bytes)).toThrow(ProtobufError);
    expect(() => readOnnx(bytes)).toThrow(message);
  });

  test('answers or refuses clearly whatever bytes are changed or cut', () => {
    const honest = toyModel().finish();
    const edit = fc.record({ at: fc.nat(honest.length - 1), byte: fc.nat(255) });
    const holds = fc.check(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), fc.nat(honest.length), (edits, cut) => {
        const bytes = Uint8Array.from(honest);
        for (const { at, byte } of edits) bytes[at] = byte;
        try {
          readOnnx(bytes.subarray(0, cut));
          return true;
        } catch (thrown) {
          return thrown instanceof ProtobufError;
        }
      }),
      { numRuns: 2000 },
    );
    expect(holds.counterexample).toBeNull();
  });
});
