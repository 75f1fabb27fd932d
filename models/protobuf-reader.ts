/**
 * Walks the fields of one protobuf message inside a byte array without copying. Bounded: every length is checked
 * against the message before it is used, and nothing is allocated in proportion to a claimed length.
 */

/** Hostile or damaged bytes. The message names what is wrong and where. */
export class ProtobufError extends Error {}

/** A slice of the file: offsets of a message's first byte and of the byte after its last. */
export interface Span {
  start: number;
  end: number;
}

export type Field =
  | { number: number; kind: 'int'; value: bigint }
  | { number: number; kind: 'span'; value: Span }
  | { number: number; kind: 'fixed' };

const text = new TextDecoder('utf-8', { fatal: true });

/** Reads a varint at `at`, at most `end`; a field of ten bytes at most, as protobuf defines. */
function varint(bytes: Uint8Array, at: number, end: number): { value: bigint; next: number } {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    if (at + index >= end) throw new ProtobufError(`it ends inside a number at byte ${at}`);
    const byte = bytes[at + index]!;
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: at + index + 1 };
  }
  throw new ProtobufError(`a number at byte ${at} is longer than ten bytes`);
}

/** The fields of the message in `span`, in file order. Throws ProtobufError on anything that is not protobuf. */
export function* fields(bytes: Uint8Array, span: Span): Generator<Field> {
  let at = span.start;
  while (at < span.end) {
    const tag = varint(bytes, at, span.end);
    const number = Number(tag.value >> 3n);
    const wireType = Number(tag.value & 7n);
    if (number === 0 || number > 0x1fffffff) throw new ProtobufError(`byte ${at} starts no valid field`);
    if (wireType === 0) {
      const { value, next } = varint(bytes, tag.next, span.end);
      at = next;
      yield { number, kind: 'int', value };
      continue;
    }
    if (wireType === 2) {
      const length = varint(bytes, tag.next, span.end);
      if (length.value > BigInt(span.end - length.next)) {
        throw new ProtobufError(`the field at byte ${at} claims ${length.value} bytes, more than there are`);
      }
      at = length.next + Number(length.value);
      yield { number, kind: 'span', value: { start: length.next, end: at } };
      continue;
    }
    // Groups (3, 4) do not occur in ONNX; refusing them keeps this walker from disagreeing with another parser.
    if (wireType !== 1 && wireType !== 5) throw new ProtobufError(`byte ${at} has wire type ${wireType}`);
    at = tag.next + (wireType === 1 ? 8 : 4);
    if (at > span.end) throw new ProtobufError(`it ends inside the field at byte ${tag.next}`);
    yield { number, kind: 'fixed' };
  }
}

/** The text in a span; throws ProtobufError where it is not UTF-8 or longer than 64 KiB, which no name is. */
export function textOf(bytes: Uint8Array, span: Span): string {
  if (span.end - span.start > 65_536)
    throw new ProtobufError(`the text at byte ${span.start} is over 64 KiB`);
  try {
    return text.decode(bytes.subarray(span.start, span.end));
  } catch {
    throw new ProtobufError(`the text at byte ${span.start} is not UTF-8`);
  }
}
