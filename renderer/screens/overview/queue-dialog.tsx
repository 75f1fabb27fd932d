import { Button, Checkbox, Modal, NativeSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { DEFAULT_POLICY_NAME } from '../../../rpc/contract/policies.ts';
import {
  DEFAULT_GOLD_THRESHOLD,
  DEFAULT_SHARE,
  itemsOf,
  MOST_ANSWERS,
  sentenceOfPromise,
  shareOf,
  type Budget,
  type QueueOutlook,
  type QueueSummary,
} from '../../../rpc/contract/queue.ts';
import { sentenceOfRehearsal } from '../../../rpc/contract/rehearsal.ts';
import type { End, Role } from '../../../rpc/contract/terms.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { counted, integer } from '../../parts/format.ts';
import page from '../../parts/page.module.css';
import { NO_WORDS, wordsOf } from '../../parts/queue-words.ts';
import { EndsIn } from '../../parts/ends-in.tsx';
import { QueueWordsFields } from '../../parts/queue-words-fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useProject } from '../../project.tsx';
import { useAskName } from '../../shell/name.tsx';
import classes from './overview-screen.module.css';

interface QueueDialogProps {
  opened: boolean;
  images: Record<Role, number>;
  onClose: () => void;
}

/** How many are to be looked at, by how many people, and how they are checked. */
export function QueueDialog({ opened, images, onClose }: QueueDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Make a queue" size="md">
      <QueueForm images={images} onClose={onClose} />
    </Modal>
  );
}

const numberOf = (value: string | number): number => (typeof value === 'number' ? value : Number(value) || 0);

function QueueForm({ images, onClose }: Pick<QueueDialogProps, 'images' | 'onClose'>) {
  const { folder } = useProject();
  const client = useQueryClient();
  const navigate = useNavigate();
  const askName = useAskName();
  const [withReal, setWithReal] = useState(false);
  const [budget, setBudget] = useState<Budget>({ share: DEFAULT_SHARE });
  const [policy, setPolicy] = useState(DEFAULT_POLICY_NAME);
  const policies = useQuery({
    queryKey: ['policies', folder],
    queryFn: () => core.policies.list({ project: folder }),
  });
  const [reviewers, setReviewers] = useState(1);
  const [endsIn, setEndsIn] = useState<End>('label');
  const [blind, setBlind] = useState(false);
  const [goldPercent, setGoldPercent] = useState(0);
  const [thresholdPercent, setThresholdPercent] = useState(100 * DEFAULT_GOLD_THRESHOLD);
  const candidates = images.synthetic + (withReal ? images.real : 0);
  const reranking = useQuery({
    queryKey: ['reranking', folder],
    queryFn: () => core.queue.reranking({ project: folder }),
  });
  const classesNow = useQuery({
    queryKey: ['classes', folder],
    queryFn: () => core.reviews.classes({ project: folder }),
  });
  const [newClasses, setNewClasses] = useState<boolean | null>(null);
  const [words, setWords] = useState(NO_WORDS);
  const [rerankAfter, setRerankAfter] = useState<number | null>(null);
  const items = itemsOf(budget, candidates);
  const forecast = useQuery({
    queryKey: ['queue-forecast', folder, candidates, items, policy],
    queryFn: () => core.queue.forecast({ project: folder, candidates, budget: { items }, policy }),
    enabled: candidates > 0 && items > 0,
    placeholderData: keepPreviousData,
  });
  const share = 'share' in budget ? budget.share : shareOf(budget.items, candidates);

  const make = useMutation({
    mutationFn: async (by: string) => {
      if (rerankAfter !== null)
        client.setQueryData(
          ['reranking', folder],
          await core.queue.setReranking({ project: folder, by, after: rerankAfter }),
        );
      if (newClasses !== null)
        client.setQueryData(
          ['classes', folder],
          await core.reviews.setNewClasses({ project: folder, by, allowed: newClasses }),
        );
      return runTask(core, 'queue', {
        project: folder,
        by,
        budget,
        policy,
        roles: withReal ? ['synthetic', 'real'] : ['synthetic'],
        reviewers,
        endsIn: reviewers === 1 ? 'label' : endsIn,
        blind,
        goldRate: goldPercent / 100,
        goldThreshold: thresholdPercent / 100,
        words: wordsOf(words),
      });
    },
    onSuccess: () => {
      for (const key of ['overview', 'queues', 'explore-view', 'facets'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const submit = async () => {
    const by = await askName();
    if (by !== null) make.mutate(by);
  };
  if (make.data)
    return (
      <Made
        summary={make.data}
        onReview={() => void navigate({ to: '/p/$folder/review', params: projectParams(folder) })}
        onClose={onClose}
      />
    );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className={page.pair}>
        <NumberInput
          label="Share of the candidates"
          suffix=" %"
          min={0.1}
          max={100}
          decimalScale={2}
          value={Number((100 * share).toFixed(2))}
          onChange={(value) => setBudget({ share: Math.min(1, numberOf(value) / 100) })}
          data-autofocus
        />
        <NumberInput
          label="Images to look at"
          thousandSeparator=","
          min={1}
          max={Math.max(1, candidates)}
          allowDecimal={false}
          value={items}
          onChange={(value) => setBudget({ items: Math.max(1, Math.round(numberOf(value))) })}
        />
      </div>
      <p className={page.hint}>
        Of {counted(candidates, 'candidate')}; 5 to 10 % is usual. A part of it is drawn at random: it bounds
        what is wrong in the rest.
      </p>
      {forecast.data && <Forecast forecast={forecast.data} onTake={(for5) => setBudget({ items: for5 })} />}
      <div>
        <NativeSelect
          label="Policy"
          value={policy}
          data={(policies.data ?? [{ name: DEFAULT_POLICY_NAME }]).map(({ name }) => name)}
          onChange={(event) => setPolicy(event.currentTarget.value)}
        />
        <p className={page.hint}>
          {policies.data?.find(({ name }) => name === policy)?.meaning ?? 'How the budget is divided.'}{' '}
          <Link to="/p/$folder/policies" params={projectParams(folder)}>
            Change or compare policies
          </Link>
        </p>
      </div>
      <Checkbox
        label={`Real images too (${integer(images.real)})`}
        checked={withReal}
        onChange={(event) => setWithReal(event.currentTarget.checked)}
      />
      <div>
        <span className={page.fieldLabel} id="reviewers">
          Reviewers for each item
        </span>
        <SegmentedControl
          aria-labelledby="reviewers"
          data={['1', '2', '3']}
          value={String(reviewers)}
          onChange={(value) => setReviewers(Number(value))}
        />
        <p className={page.hint}>
          {reviewers === 1 ? 'One answer settles an item.' : 'Independent answers.'}
        </p>
        {reviewers > 1 && <EndsIn value={endsIn} onChange={setEndsIn} />}
      </div>
      <Checkbox
        label="Blind: hides the given label and the prediction until the answer"
        checked={blind}
        onChange={(event) => setBlind(event.currentTarget.checked)}
      />
      <div className={page.pair}>
        <NumberInput
          label="Gold items mixed in"
          description="Items with a known answer, unseen"
          suffix=" %"
          min={0}
          max={50}
          value={goldPercent}
          onChange={(value) => setGoldPercent(Math.min(50, numberOf(value)))}
        />
        <NumberInput
          label="Pause below"
          description="A reviewer's accuracy on them"
          suffix=" %"
          min={0}
          max={100}
          disabled={goldPercent === 0}
          value={thresholdPercent}
          onChange={(value) => setThresholdPercent(Math.min(100, numberOf(value)))}
        />
      </div>
      <NumberInput
        label="Ranked again after"
        description="Answers in it, without being asked; for every queue of this project, and 0 is never"
        suffix=" answers"
        thousandSeparator=","
        min={0}
        max={MOST_ANSWERS}
        allowDecimal={false}
        disabled={!reranking.data}
        value={rerankAfter ?? reranking.data?.after ?? ''}
        onChange={(value) => setRerankAfter(Math.min(MOST_ANSWERS, Math.round(numberOf(value))))}
      />
      <Checkbox
        label="Reviewers may add classes, in every queue of this project"
        disabled={!classesNow.data}
        checked={newClasses ?? classesNow.data?.newAllowed ?? false}
        onChange={(event) => setNewClasses(event.currentTarget.checked)}
      />
      <details>
        <summary>Name, people, instructions</summary>
        <div className={page.form}>
          <QueueWordsFields draft={words} onChange={(change) => setWords({ ...words, ...change })} />
        </div>
      </details>
      {make.isError && <Failure error={make.error} />}
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={make.isPending} disabled={candidates === 0 || !(share > 0)}>
          Queue {counted(items, 'image')}
        </Button>
      </div>
    </form>
  );
}

/** What would be found, what the audit would be worth, and the size that would say more. */
function Forecast({ forecast, onTake }: { forecast: QueueOutlook; onTake: (items: number) => void }) {
  const { items, promise, rehearsal } = forecast;
  return (
    <div>
      {rehearsal && <p className={page.hint}>{sentenceOfRehearsal(rehearsal)}</p>}
      <p className={page.hint}>
        {sentenceOfPromise(forecast) ?? 'This policy draws no audit: nothing will be said of the rest.'}
      </p>
      {promise && promise.itemsFor5 > items && (
        <Button variant="default" size="compact-sm" mt={6} onClick={() => onTake(promise.itemsFor5)}>
          Take {integer(promise.itemsFor5)} for a bound of 5 %
        </Button>
      )}
    </div>
  );
}

function Made({
  summary,
  onReview,
  onClose,
}: {
  summary: QueueSummary;
  onReview: () => void;
  onClose: () => void;
}) {
  const promise = sentenceOfPromise(summary);
  return (
    <div className={classes.form} role="status">
      <p className={classes.done}>
        {counted(summary.items, 'item')} queued of {integer(summary.frame)} that could be looked at,
        near-duplicates counted once. {integer(summary.audited)} of them are the audit, a random sample that
        speaks for what nobody is shown. {counted(summary.flagged, 'image')} kept out by rule.
      </p>
      {summary.rehearsal && <p className={classes.done}>{sentenceOfRehearsal(summary.rehearsal)}</p>}
      {promise !== null && <p className={classes.done}>{promise}</p>}
      <div className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button onClick={onReview} data-autofocus>
          Review them
        </Button>
      </div>
    </div>
  );
}
