import type { KeyboardEvent } from 'react';
import type { TrailEvent } from '../../../rpc/contract/trail.ts';
import bits from '../../parts/bits.module.css';
import { dateTime, integer, utcTime } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import { kindWords } from './kind-words.ts';
import classes from './trail.module.css';

/** Of what nobody did. */
const NOBODY = 'assay';
const THUMB_PX = 32;

/** One event a row; the arrow keys go from one to the next, Enter opens its record. */
export function TrailRows({
  events,
  onOpen,
}: {
  events: readonly TrailEvent[];
  onOpen: (seq: number) => void;
}) {
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
    event.preventDefault();
  };
  return (
    <div className={page.wide}>
      <table className={page.table}>
        <TableHead columns={[figures('No.'), 'When', 'Who', 'What', 'Images']} />
        <tbody onKeyDown={move}>
          {events.map(({ seq, at, actor, kind, text, images, examples }) => (
            <tr key={seq}>
              <td className={page.number}>
                <button
                  type="button"
                  className={classes.open}
                  aria-label={`Event ${seq}: the exact record`}
                  onClick={() => onOpen(seq)}
                >
                  {integer(seq)}
                </button>
              </td>
              <td className={classes.when}>
                <time dateTime={at} title={utcTime(at)}>
                  {dateTime(at)}
                </time>
              </td>
              <td className={classes.who}>
                {actor === NOBODY ? <span className={bits.dimmed}>nobody</span> : actor}
              </td>
              <td className={classes.what}>
                {text}
                <div className={bits.small} title={kind}>
                  {kindWords(kind)}
                </div>
              </td>
              <td>
                <span className={classes.thumbs}>
                  {examples.map((sha256) => (
                    <Thumb key={sha256} sha256={sha256} alt="" size={THUMB_PX} />
                  ))}
                  {images > examples.length && (
                    <span className={bits.small}>+{integer(images - examples.length)}</span>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
