import { useQuery } from '@tanstack/react-query';
import { stratumTitle } from '../../../rpc/contract/terms.ts';
import { core } from '../../client.ts';
import { counted, integer, percent } from '../../parts/format.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import type { ProjectStatus } from '../../../rpc/contract/projects.ts';
import bits from '../../parts/bits.module.css';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';
import { useFocusHere } from './use-focus-here.ts';
import { projectParams, useProject } from '../../project.tsx';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ActionId } from '../../parts/keys.ts';
import type { SessionStore } from './session-store.ts';
import { useReview } from './use-review.ts';
import { TableHead } from '../../parts/table-head.tsx';
import classes from './review-screen.module.css';

/** Where to go from the end of a queue. */
interface Step {
  action: ActionId;
  words: string;
  to: '/p/$folder/conflicts' | '/p/$folder/overview' | '/p/$folder/export';
  search?: Record<string, string>;
}

/** Every item has an answer: what was found, and what comes next. */
export function Done({ store }: { store: SessionStore }) {
  useKeys({
    actions: { undo: () => store.undo(), previous: () => store.move(-1) },
  });
  const { folder } = useProject();
  const status = useQuery({
    queryKey: ['status', folder, 'after-review'],
    queryFn: () => core.projects.status({ project: folder }),
  });
  if (status.isPending) return <Loading label="Adding up what was found" />;
  if (status.isError) return <Failure error={status.error} retry={() => void status.refetch()} />;
  return <Found store={store} status={status.data} />;
}

function Found({ store, status }: { store: SessionStore; status: ProjectStatus }) {
  const { folder } = useProject();
  const here = useFocusHere<HTMLDivElement>();
  const keyLabel = useKeyLabel();
  const session = useReview(store, (state) => state.session);
  const { queue, estimateText } = status;
  const strata = queue?.id === session.queue ? queue.strata : [];
  const left = session.total - session.answered;
  const params = projectParams(folder);
  const navigate = useNavigate();
  const { questions, conflicts } = session.team;
  const steps: Step[] = [
    ...(questions > 0
      ? [
          {
            action: 'to-questions' as const,
            words: `Answer ${counted(questions, 'question')}`,
            to: '/p/$folder/conflicts' as const,
            search: { show: 'questions' },
          },
        ]
      : []),
    ...(conflicts > 0
      ? [
          {
            action: 'to-conflicts' as const,
            words: `Judge ${counted(conflicts, 'conflict')}`,
            to: '/p/$folder/conflicts' as const,
          },
        ]
      : []),
    { action: 'to-overview', words: 'Overview', to: '/p/$folder/overview' },
    { action: 'to-export', words: 'Export', to: '/p/$folder/export' },
  ];
  useKeys({
    actions: {
      ...(left > 0 && { 'to-skipped': () => store.goToSkipped() }),
      ...Object.fromEntries(
        steps.map(({ action, to, search }) => [
          action,
          () => void navigate({ to, params, search: (search ?? {}) as never }),
        ]),
      ),
    },
  });
  return (
    <div className={classes.finished} ref={here} tabIndex={-1}>
      <h2>
        {left > 0
          ? 'You have seen every item'
          : session.total === 1
            ? 'The one item is answered'
            : `All ${integer(session.total)} items are answered`}
      </h2>
      {left > 0 && (
        <p>
          {counted(left, 'item')} {left === 1 ? 'is' : 'are'} still without an answer: skipped is not done.
        </p>
      )}
      {strata.length > 0 && (
        <table className={classes.found}>
          <caption>What was found in this queue</caption>
          <TableHead columns={['Queued as', 'Items', 'Decided', 'Relabelled or rejected']} />
          <tbody>
            {strata.map(({ stratum, items, decided, changed }) => (
              <tr key={stratum}>
                <th scope="row">{stratumTitle(stratum)}</th>
                <td>{integer(items)}</td>
                <td>{integer(decided)}</td>
                <td>
                  {integer(changed)}
                  {decided > 0 && ` (${percent(changed / decided)})`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>{estimateText}</p>
      {session.team.answers < session.team.wanted && (
        <p>{counted(session.team.wanted - session.team.answers, 'answer')} by the team still to come.</p>
      )}
      <div className={classes.next}>
        {left > 0 && (
          <button type="button" onClick={() => store.goToSkipped()}>
            Go to what you skipped <kbd className={bits.key}>{keyLabel('to-skipped')}</kbd>
          </button>
        )}
        <button type="button" onClick={() => store.undo()}>
          Undo the last answer <kbd className={bits.key}>{keyLabel('undo')}</kbd>
        </button>
        {steps.map(({ action, words, to, search }) => (
          <Link key={action} to={to} params={params} search={(search ?? {}) as never}>
            {words} <kbd className={bits.key}>{keyLabel(action)}</kbd>
          </Link>
        ))}
      </div>
    </div>
  );
}
