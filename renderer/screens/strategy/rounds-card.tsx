import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { RoundInfo } from '../../../rpc/contract/rounds.ts';
import { Card } from '../../parts/card.tsx';
import { baseName, dateTime, figure, integer, percent } from '../../parts/format.ts';
import { MayButton } from '../../parts/may-button.tsx';
import page from '../../parts/page.module.css';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { figures, TableHead } from '../../parts/table-head.tsx';
import { AddRoundDialog } from './add-round-dialog.tsx';
import { useMixes, useRounds } from './use-mix.ts';
import classes from './strategy.module.css';

const PAGE = 20;

/** Which model was trained on which mix, newest first, and what is called out. */
export function RoundsCard() {
  const rounds = useRounds();
  const [shown, setShown] = useState(PAGE);
  const all = rounds.data?.rounds.toReversed() ?? [];
  const { writable } = useProject();
  const mixes = useMixes();
  const [isAdding, setAdding] = useState(false);
  const newestRealAt = rounds.data?.newestRealAt ?? null;
  return (
    <Card id="rounds" title="Training rounds" isStack>
      {rounds.isError && <Failure error={rounds.error} retry={() => void rounds.refetch()} />}
      {rounds.isPending && <Skeleton height={60} />}
      <p className={page.hint}>
        {rounds.data &&
          all.length === 0 &&
          'None yet. A round says which model was trained on which mix; one without a new real image is called out. '}
        {newestRealAt !== null && `Real images were imported last on ${dateTime(newestRealAt)}.`}
      </p>
      <div className={page.row}>
        <MayButton
          needs="manage"
          disabled={!writable || !rounds.data || !mixes.data?.length}
          title={mixes.data?.length === 0 ? 'A round is of a mix: write one first.' : undefined}
          onClick={() => setAdding(true)}
        >
          Add a round …
        </MayButton>
      </div>
      {mixes.data && (
        <AddRoundDialog
          opened={isAdding}
          mixes={mixes.data}
          taken={all.map(({ name }) => name)}
          onClose={() => setAdding(false)}
        />
      )}
      {all.length > 0 && (
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Round',
                'When',
                'Mix',
                'Model',
                'On the hold-out',
                figures('Real images'),
                figures('New ones'),
                figures('Real share'),
              ]}
            />
            <tbody>
              {all.slice(0, shown).map((round) => (
                <RoundRows key={round.id} round={round} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {all.length > shown && (
        <div className={page.row}>
          <Button variant="default" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, all.length - shown)} more
          </Button>
        </div>
      )}
    </Card>
  );
}

function RoundRows({ round }: { round: RoundInfo }) {
  const { name, at, by, mix, model, holdout, realImages, newRealImages, realShare, alarms } = round;
  return (
    <>
      <tr>
        <th scope="row" className={`${classes.short} ${classes.name}`}>
          {name}
        </th>
        <td className={classes.short} title={`Added by ${by}`}>
          {dateTime(at)}
        </td>
        <td
          className={page.path}
          title={[mix.folder, `sha256 of its manifest: ${mix.sha256}`].filter(Boolean).join('\n')}
        >
          {mix.folder === '' ? mix.sha256.slice(0, 12) : baseName(mix.folder)}
        </td>
        <td className={page.path} title={model?.sha256 ? `sha256: ${model.sha256}` : undefined}>
          {model?.name ?? '–'}
        </td>
        <td className={page.path}>
          {holdout.length === 0
            ? '–'
            : holdout.map(({ measure, value }) => `${measure} ${figure(value)}`).join(', ')}
        </td>
        <td className={page.number}>{integer(realImages)}</td>
        <td className={page.number}>{integer(newRealImages)}</td>
        <td className={page.number}>{percent(realShare)}</td>
      </tr>
      {alarms.length > 0 && (
        <tr>
          <td colSpan={8} className={classes.warn}>
            Called out: {alarms.join(' ')}
          </td>
        </tr>
      )}
    </>
  );
}
