import { Fragment } from 'react';

/** A sentence of the core, in which what stands between backticks is code. */
export function Coded({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : <Fragment key={i}>{part}</Fragment>));
}
