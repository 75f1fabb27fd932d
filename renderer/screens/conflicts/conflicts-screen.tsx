import { Tabs, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { integer } from '../../parts/format.ts';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';
import { NoQueue, QueuePicker, useQueues } from '../review/queue-picker.tsx';
import { AgreementPanel } from './agreement-panel.tsx';
import { Judge } from './judge.tsx';
import { useConflicts } from './use-conflicts.ts';
import classes from './conflicts-screen.module.css';

/** Items on which reviewers do not agree, one judgement each; and how well the reviewers agree at all. */
export default function ConflictsScreen() {
  const { queues, asked } = useQueues();
  const [tab, setTab] = useState('conflicts');
  const [isOpenOnly, setOpenOnly] = useState(true);
  const chosen =
    queues.data?.find(({ id }) => id === asked) ??
    queues.data?.find(({ conflicts }) => conflicts > 0) ??
    queues.data?.[0];
  const conflicts = useConflicts(chosen?.id ?? null, isOpenOnly);
  if (queues.isError) return <Failure error={queues.error} retry={() => void queues.refetch()} />;
  if (queues.isPending) return <Loading label="Loading the queues" />;
  if (!chosen)
    return (
      <NoQueue
        title="There is no queue yet"
        body="Conflicts arise where two or three people answer the same items. Make a queue that asks for them."
      />
    );
  return (
    <div className={classes.screen}>
      <Tabs
        value={tab}
        onChange={(to) => setTab(to ?? 'conflicts')}
        className={classes.tabs ?? ''}
        keepMounted={false}
      >
        <div className={classes.head}>
          <VisuallyHidden component="h1">Conflicts</VisuallyHidden>
          <Tabs.List>
            <Tabs.Tab value="conflicts">Conflicts ({integer(chosen.conflicts)} open)</Tabs.Tab>
            <Tabs.Tab value="agreement">Agreement</Tabs.Tab>
          </Tabs.List>
          <div className={classes.choices}>
            {tab === 'conflicts' && (
              <label className={classes.filter}>
                <input
                  type="checkbox"
                  checked={!isOpenOnly}
                  onChange={(event) => setOpenOnly(!event.currentTarget.checked)}
                />
                Show judged ones too
              </label>
            )}
            <QueuePicker queues={queues.data} chosen={chosen.id} />
          </div>
        </div>
        <Tabs.Panel value="conflicts" className={classes.panel ?? ''}>
          {conflicts.list.isError ? (
            <Failure error={conflicts.list.error} retry={() => void conflicts.list.refetch()} />
          ) : conflicts.list.isPending ? (
            <Loading label="Loading the conflicts" />
          ) : conflicts.current ? (
            <Judge conflicts={conflicts} current={conflicts.current} isBlind={chosen.blind} />
          ) : (
            <NoConflict
              conflicts={conflicts}
              reviewers={chosen.reviewers}
              onAgreement={() => setTab('agreement')}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="agreement" className={classes.panel ?? ''}>
          <AgreementPanel queue={chosen.id} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

interface NoConflictProps {
  conflicts: ReturnType<typeof useConflicts>;
  reviewers: number;
  onAgreement: () => void;
}

/** The end of the list is a place like any other: the last judgement can be taken back here too. */
function NoConflict({ conflicts, reviewers, onAgreement }: NoConflictProps) {
  const keyLabel = useKeyLabel();
  useKeys({ actions: { undo: conflicts.undo } });
  return (
    <Empty
      title="No open conflict"
      body={
        reviewers > 1
          ? 'Where reviewers agree, nothing needs to be judged. New disagreements appear here as answers come in.'
          : 'This queue asks one person per item. To see whether people agree, make a queue that asks two or three.'
      }
      action={
        <>
          {conflicts.failure && <Failure error={conflicts.failure} />}
          {conflicts.said && <p role="status">✓ {conflicts.said}</p>}
          <button type="button" className={classes.button} onClick={conflicts.undo}>
            Undo your last decision ({keyLabel('undo')})
          </button>{' '}
          <button type="button" className={classes.button} onClick={onAgreement}>
            How well reviewers agree
          </button>
        </>
      }
    />
  );
}
