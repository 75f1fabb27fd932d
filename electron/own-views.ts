/**
 * A message whose byte arrays own no more than they show. A structured clone of a view copies its whole buffer,
 * while Node's own channel sends only what the view covers: a piece of a matrix would bring the whole matrix.
 */
export function ownViews(message: unknown): unknown {
  if (ArrayBuffer.isView(message)) {
    if (message instanceof DataView || message.byteLength === message.buffer.byteLength) return message;
    // A Buffer's own `slice` is one more view.
    return Buffer.isBuffer(message) ? Uint8Array.from(message) : (message as Uint8Array).slice();
  }
  if (Array.isArray(message)) return message.map(ownViews);
  if (typeof message !== 'object' || message === null || Object.getPrototypeOf(message) !== Object.prototype)
    return message;
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, ownViews(value)]));
}
