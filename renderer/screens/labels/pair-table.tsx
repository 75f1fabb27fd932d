import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import { pairsAbout, type Pair } from './pairs.ts';
import classes from './labels.module.css';

/** Beside the map, and when more is asked for. */
const FIRST_ROWS = 10;
const MOST_ROWS = 200;

interface PairTableProps {
  report: LabelReport;
  pairs: readonly Pair[];
  names: readonly string[];
  onSee: (given: number, predicted: number) => void;
}

/** Pairs of classes by how many images are given as one and predicted as the other. */
export function PairTable({ report, pairs, names, onSee }: PairTableProps) {
  const [words, setWords] = useState('');
  const [isWhole, setWhole] = useState(false);
  const found = pairsAbout(pairs, names, words);
  const shown = found.slice(0, isWhole ? MOST_ROWS : FIRST_ROWS);
  if (pairs.length === 0) return <p className={page.hint}>The model agrees with every label.</p>;
  return (
    <div className={classes.pairs}>
      <TextInput
        className={classes.search ?? ''}
        label="Pairs with the class"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <table className={`${page.table} ${classes.table}`}>
        <caption>
          {found.length > shown.length
            ? `The ${shown.length} most frequent of ${integer(found.length)} pairs`
            : `${integer(found.length)} of ${counted(pairs.length, 'pair')}`}
        </caption>
        <TableHead
          columns={['Given', 'Predicted', figures('Number'), figures('Of the given class'), 'Images']}
        />
        <tbody>
          {shown.map(({ given, predicted, images }) => (
            <tr key={`${given} ${predicted}`}>
              <td>{names[given]}</td>
              <td>{names[predicted]}</td>
              <td className={page.number}>{integer(images)}</td>
              <td className={page.number}>{percent(images / Math.max(1, report.classes[given]!.given))}</td>
              <td>
                <button
                  type="button"
                  className={classes.see}
                  aria-label={`See them: given ${names[given]}, predicted ${names[predicted]}`}
                  onClick={() => onSee(given, predicted)}
                >
                  See them
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!isWhole && found.length > shown.length && (
        <Button variant="default" mt="sm" onClick={() => setWhole(true)}>
          Show {integer(Math.min(MOST_ROWS, found.length))} pairs
        </Button>
      )}
    </div>
  );
}
