import { useState } from 'react';
import type { GoldAnswer } from '../../../rpc/contract/reviews.ts';
import { dateTime, integer } from '../../parts/format.ts';
import { Thumb } from '../../parts/thumb.tsx';
import classes from './tables.module.css';

const PAGE = 200;

/** Every answer to a gold item, the newest first. */
export function Answers({ answers }: { answers: readonly GoldAnswer[] }) {
  const [onlyWrong, setOnlyWrong] = useState(false);
  const [shown, setShown] = useState(PAGE);
  const wrong = answers.filter(({ right }) => !right).length;
  const rows = answers.filter(({ right }) => !onlyWrong || !right).toReversed();
  if (answers.length === 0)
    return <p className={classes.none}>No gold item has been answered in this queue yet.</p>;
  return (
    <>
      <label className={classes.filter}>
        <input
          type="checkbox"
          checked={onlyWrong}
          onChange={(event) => setOnlyWrong(event.currentTarget.checked)}
        />
        Only wrong answers ({integer(wrong)} of {integer(answers.length)})
      </label>
      <table className={classes.table}>
        <caption>Answers on the record</caption>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">Reviewer</th>
            <th scope="col">Known</th>
            <th scope="col">Shown</th>
            <th scope="col">Answered</th>
            <th scope="col">Result</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <tr key={`${row.reviewer} ${row.sha256} ${row.at}`}>
              <td>
                <Thumb sha256={row.sha256} alt={`Gold item, known as ${row.known}`} size={40} />
              </td>
              <td>{row.reviewer}</td>
              <td>{row.known}</td>
              <td>{row.shown ?? 'hidden'}</td>
              <td>{row.answered}</td>
              <td className={classes.result} data-right={row.right}>
                {row.right ? '✓ right' : '✕ wrong'}
              </td>
              <td>{dateTime(row.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" className={classes.button} onClick={() => setShown(shown + PAGE)}>
          Show {integer(Math.min(PAGE, rows.length - shown))} more of {integer(rows.length)}
        </button>
      )}
    </>
  );
}
