import { leftLines } from '../../../rpc/contract/import-words.ts';
import { isLoss, type Reading } from '../../../rpc/contract/imports.ts';
import { Coded } from '../../parts/coded.tsx';
import { counted, integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import classes from './import-screen.module.css';

const SHOWN = 30;
/** Faulty records that are shown at once: enough to see what is wrong. */
const FIRST = 4;

/** What a dataset has and the import does not take over: nothing is dropped without being said. */
export function LeftBehind({ reading }: { reading: Reading }) {
  const { skipped, notes } = reading;
  const losses = leftLines(reading.left.filter(isLoss));
  const left = leftLines(reading.left.filter((one) => !isLoss(one)));
  return (
    <>
      {notes.length > 0 && (
        <ul className={page.plain} aria-label="How it is read">
          {notes.slice(0, SHOWN).map((note) => (
            <li key={note}>
              <Coded text={note} />
            </li>
          ))}
        </ul>
      )}
      {losses.length > 0 && (
        <div className={page.problem} role="status">
          <Counts all={losses} />
        </div>
      )}
      {left.length > 0 && (
        <div>
          <p className={page.fieldLabel}>Left behind: Assay does not take it over</p>
          <Counts all={left.slice(0, SHOWN)} />
          {left.length > SHOWN && (
            <p className={page.hint}>and {counted(left.length - SHOWN, 'more kind', 'more kinds')}</p>
          )}
        </div>
      )}
      {skipped.records > 0 && (
        <div className={page.problem} role="status">
          {counted(skipped.records, 'faulty record')} left out:
          <Sentences all={skipped.examples.slice(0, FIRST)} />
          {skipped.records > FIRST && (
            <details className={classes.details}>
              <summary>and {integer(skipped.records - FIRST)} more</summary>
              <Sentences all={skipped.examples.slice(FIRST)} />
              {skipped.records > skipped.examples.length && `The first ${skipped.examples.length} are named.`}
            </details>
          )}
        </div>
      )}
    </>
  );
}

function Counts({ all }: { all: ReturnType<typeof leftLines> }) {
  return (
    <ul className={page.plain}>
      {all.map(({ words, example }) => (
        <li key={words}>
          {words}
          {example !== null && <span className={page.hint}>, for instance in {example}</span>}
        </li>
      ))}
    </ul>
  );
}

function Sentences({ all }: { all: readonly string[] }) {
  return (
    <ul>
      {all.map((sentence) => (
        <li key={sentence}>
          <Coded text={sentence} />
        </li>
      ))}
    </ul>
  );
}
