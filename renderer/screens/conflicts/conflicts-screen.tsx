import { Tabs, VisuallyHidden } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { END_WORDS, type End } from '../../../rpc/contract/terms.ts';
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
  const search = useSearch({ strict: false }) as { show?: unknown };
  const [tab, setTab] = useState(search.show === 'questions' ? 'questions' : 'conflicts');
  const [isOpenOnly, setOpenOnly] = useState(true);
  const chosen =
    queues.data?.find(({ id }) => id === asked) ??
    queues.data?.find((queue) => (tab === 'questions' ? queue.questions : queue.conflicts) > 0) ??
    queues.data?.find(({ conflicts, questions }) => conflicts + questions > 0) ??
    queues.data?.[0];
  const conflicts = useConflicts(
    chosen?.id ?? null,
    tab === 'questions' ? 'question' : 'conflict',
    isOpenOnly,
  );
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
            <Tabs.Tab value="questions">⚑ Questions ({integer(chosen.questions)} open)</Tabs.Tab>
            <Tabs.Tab value="agreement">Agreement</Tabs.Tab>
          </Tabs.List>
          <div className={classes.choices}>
            {tab !== 'agreement' && (
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
        <Tabs.Panel value={tab === 'questions' ? 'questions' : 'conflicts'} className={classes.panel ?? ''}>
          {conflicts.list.isError ? (
            <Failure error={conflicts.list.error} retry={() => void conflicts.list.refetch()} />
          ) : conflicts.list.isPending ? (
            <Loading label={tab === 'questions' ? 'Loading the questions' : 'Loading the conflicts'} />
          ) : conflicts.current ? (
            <Judge conflicts={conflicts} current={conflicts.current} isBlind={chosen.blind} />
          ) : (
            <NoConflict
              isAboutQuestions={tab === 'questions'}
              conflicts={conflicts}
              reviewers={chosen.reviewers}
              endsIn={chosen.endsIn}
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
  isAboutQuestions: boolean;
  conflicts: ReturnType<typeof useConflicts>;
  reviewers: number;
  endsIn: End;
  onAgreement: () => void;
}

/** The end of the list is a place like any other: the last judgement can be taken back here too. */
function NoConflict({ isAboutQuestions, conflicts, reviewers, endsIn, onAgreement }: NoConflictProps) {
  const keyLabel = useKeyLabel();
  useKeys({ actions: { undo: conflicts.undo } });
  return (
    <Empty
      title={
        isAboutQuestions
          ? 'No open question'
          : endsIn === 'distribution'
            ? 'This queue has no conflicts'
            : 'No open conflict'
      }
      body={
        isAboutQuestions
          ? 'What a reviewer cannot decide, they ask a specialist with F in Review. The question appears here, with the image.'
          : endsIn === 'distribution'
            ? `It ends in ${END_WORDS[endsIn].title}. ${END_WORDS[endsIn].meaning}`
            : reviewers > 1
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
