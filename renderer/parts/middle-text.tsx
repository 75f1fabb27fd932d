import classes from './middle-text.module.css';

/** Names of one set are told apart by their ends as often as by their beginnings. */
const TAIL = 9;

/** A name in one line, shortened in its middle where there is no room; the whole on hover. */
export function MiddleText({ text }: { text: string }) {
  const letters = Array.from(text);
  const head = letters.length > 2 * TAIL ? letters.slice(0, -TAIL).join('') : text;
  return (
    <span className={classes.whole} title={text}>
      <span className={classes.head}>{head}</span>
      {head !== text && <span className={classes.tail}>{letters.slice(-TAIL).join('')}</span>}
    </span>
  );
}
