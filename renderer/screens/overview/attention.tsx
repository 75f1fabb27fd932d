import { useNavigate } from '@tanstack/react-router';
import type { Attention } from '../../../rpc/contract/projects.ts';
import { projectParams } from '../../parts/folder-address.ts';
import { Card } from '../../parts/card.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import type { Permission } from '../../../rpc/contract/people.ts';
import { routeOf, SCREENS } from '../../shell/screens.ts';
import { useWhyNot } from '../../who-acts.ts';
import { useProject } from '../../project.tsx';
import classes from './overview-screen.module.css';

/** Each picture of a pair. */
const PAIR_PX = 32;

interface AttentionListProps {
  attention: readonly Attention[];
  onMakeQueue: () => void;
  onScore: () => void;
}

const TARGETS = {
  'import-seed': { to: '/p/$folder/import', search: { role: 'real' } },
  'import-batch': { to: '/p/$folder/import', search: { role: 'synthetic' } },
  review: { to: '/p/$folder/review', search: {} },
  audit: { to: '/p/$folder/review', search: {} },
  conflicts: { to: '/p/$folder/conflicts', search: {} },
  questions: { to: '/p/$folder/conflicts', search: { show: 'questions' } },
  'paused-reviewer': { to: '/p/$folder/gold', search: {} },
  leaks: { to: '/p/$folder/copies', search: { rule: 'holdout-leak', role: 'synthetic' } },
  'accepted-copies': { to: '/p/$folder/copies', search: { accepted: true } },
  'real-copies': { to: '/p/$folder/copies', search: { rule: 'holdout-leak', role: 'real' } },
  'possible-copies': { to: '/p/$folder/copies', search: { rule: 'possible-copy' } },
  broken: { to: '/p/$folder/import', search: { show: 'broken' } },
  mix: { to: '/p/$folder/import', search: { role: 'real' } },
  collapse: { to: '/p/$folder/strategy', search: { card: 'watch' } },
  measure: { to: '/p/$folder/strategy', search: { card: 'watch' } },
  'below-floor': { to: '/p/$folder/strategy', search: { card: 'mix' } },
  export: { to: '/p/$folder/export', search: {} },
} as const;

/** What it takes to see to an entry: what its screen takes. */
function neededFor(kind: Attention['kind']): Permission {
  if (kind === 'score' || kind === 'make-queue') return 'manage';
  const screen = SCREENS.find(({ id }) => routeOf(id) === TARGETS[kind].to);
  return screen && 'needs' in screen ? screen.needs : 'look';
}

/** To-do list, most urgent first; each entry leads to its screen. */
export function AttentionList({ attention, onMakeQueue, onScore }: AttentionListProps) {
  const { folder } = useProject();
  const navigate = useNavigate();
  const whyNot = useWhyNot();
  const act = (kind: Attention['kind']) => {
    if (kind === 'score') return onScore();
    if (kind === 'make-queue') return onMakeQueue();
    const { to, search } = TARGETS[kind];
    return void navigate({ to, params: projectParams(folder), search: search as never });
  };
  return (
    <Card id="attention" title="Needs attention">
      {attention.length === 0 && <p className={page.hint}>Nothing: all that was queued is decided.</p>}
      <ul className={classes.attention}>
        {attention.map(({ kind, text, pairs = [] }, i) => (
          <li key={`${kind} ${text}`}>
            <button
              type="button"
              className={classes.act}
              data-first={i === 0}
              disabled={whyNot(neededFor(kind)) !== null}
              title={whyNot(neededFor(kind)) ?? undefined}
              onClick={() => act(kind)}
            >
              <span>
                {text}
                {pairs.length > 0 && (
                  <span className={classes.pairs}>
                    {pairs.map(([image, other]) => (
                      <span key={`${image} ${other}`}>
                        <Thumb sha256={image} alt="" size={PAIR_PX} />
                        <Thumb sha256={other} alt="" size={PAIR_PX} />
                      </span>
                    ))}
                  </span>
                )}
              </span>
              <span className={bits.dimmed} aria-hidden>
                →
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
