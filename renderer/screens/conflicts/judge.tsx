import { dateTime, percent } from '../../parts/format.ts';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Conflict } from '../../../rpc/contract/reviews.ts';
import { parseRejectReason } from '../../../rpc/contract/terms.ts';
import { fileUrl } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Failure } from '../../parts/states.tsx';
import { MiddleText } from '../../parts/middle-text.tsx';
import { Thumb } from '../../parts/thumb.tsx';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';
import { useProject } from '../../project.tsx';
import { namingLabel, type Answer } from '../review/answers.ts';
import { CommentField } from '../review/comment-field.tsx';
import { KeyButton } from '../review/key-button.tsx';
import { LabelSearch } from '../review/label-search.tsx';
import type { Painter } from '../review/painter.ts';
import { PictureCache } from '../review/pictures.ts';
import { Reasons } from '../review/reasons.tsx';
import { Stage } from '../review/stage.tsx';
import { useRejecting } from '../review/use-rejecting.ts';
import { useView } from '../review/use-view.ts';
import { AnswerCards } from './answer-cards.tsx';
import type { useConflicts } from './use-conflicts.ts';
import bits from '../../parts/bits.module.css';
import page from '../../parts/page.module.css';
import answers from '../review/answer-bar.module.css';
import classes from './conflicts-screen.module.css';

interface JudgeProps {
  conflicts: ReturnType<typeof useConflicts>;
  current: Conflict;
  isBlind: boolean;
}

const UNTIL = 'Hidden until you judge';

/** One conflict: the image, the answers side by side, and the keys to settle it. */
export function Judge({ conflicts, current, isBlind }: JudgeProps) {
  const { classes: labels, key } = useProject();
  const keyLabel = useKeyLabel();
  const [mode, setMode] = useState<'answer' | 'reject' | 'search'>('answer');
  const [paintedAt, setPaintedAt] = useState<{ sha256: string; at: number } | null>(null);
  const painter = useRef<Painter | null>(null);
  const view = useView(painter);
  const stage = useRef<HTMLDivElement>(null);
  const takePainter = useCallback((made: Painter | null) => {
    painter.current = made;
  }, []);
  const takePainted = useCallback((sha256: string, at: number) => setPaintedAt({ sha256, at }), []);
  const pictures = useMemo(() => new PictureCache((sha256) => fileUrl(key, 'image', sha256)), [key]);
  useEffect(() => () => pictures.close(), [pictures]);
  const { conflicts: all, at } = conflicts;
  useMemo(() => pictures.want(all.slice(at, at + 3).map(({ sha256 }) => sha256)), [pictures, all, at]);
  useEffect(() => stage.current?.focus(), []);
  const { said } = conflicts;
  const noun = current.questions.length > 0 ? 'Question' : 'Conflict';
  useEffect(
    () => announce(`${said ?? ''} ${noun} ${at + 1} of ${all.length}.`),
    [said, noun, at, all.length],
  );

  const focus = () => stage.current?.focus({ preventScroll: true });
  const back = () => {
    setMode('answer');
    focus();
  };
  const judge = (answer: Answer, pressedAt: number) => {
    // Only what was on the screen when the key went down is judged.
    if (paintedAt?.sha256 !== current.sha256 || paintedAt.at > pressedAt) return;
    const { words } = rejecting;
    rejecting.clear();
    back();
    // Of a reject the words are part already.
    const isSaid = answer.verdict === 'reject' || words === '';
    conflicts.judge(current, isSaid ? answer : { ...answer, comment: words });
  };
  const rejecting = useRejecting({ onReject: judge, onLeave: back, onFocus: focus });
  const name = (label: string, pressedAt: number) => judge(namingLabel(label, current.givenLabel), pressedAt);
  const pick = (index: number, pressedAt: number) => {
    const picked = current.answers[index];
    const answer = picked && asAnswer(picked, current.givenLabel);
    if (answer) judge(answer, pressedAt);
  };

  const other = (event: KeyboardEvent): boolean => {
    if (mode === 'reject') return rejecting.key(event);
    if (event.code !== 'Enter' || isBlind) return false;
    const { majority } = current;
    const index = current.answers.findIndex(
      ({ verdict, label }) => verdict === majority?.verdict && label === majority.label,
    );
    pick(index, event.timeStamp);
    return index >= 0;
  };
  const search = () => setMode('search');
  useKeys({
    actions: {
      ...view.actions,
      ...(current.givenLabel !== null && {
        accept: (event: KeyboardEvent) => judge({ verdict: 'accept' }, event.timeStamp),
      }),
      reject: () => setMode('reject'),
      relabel: search,
      'search-label': search,
      undo: conflicts.undo,
      comment: rejecting.focus,
      previous: () => conflicts.go(at - 1),
      next: () => conflicts.go(at + 1),
    },
    label: (index, event) => {
      pick(index, event.timeStamp);
      return true;
    },
    other,
  });

  return (
    <div className={classes.judge}>
      <div className={classes.middle}>
        <div className={classes.stage} ref={stage} tabIndex={0} role="region" aria-label="Image in conflict">
          <Stage
            sha256={current.sha256}
            size={current}
            name={`${noun} ${at + 1}${current.givenLabel ? `, given label ${current.givenLabel}` : ''}`}
            pictures={pictures}
            view={view.view}
            onPainted={takePainted}
            onPainter={takePainter}
          />
        </div>
        <aside className={classes.rail} aria-label="About this conflict">
          <p className={classes.place}>
            {noun} {at + 1} of {all.length}
            <span>{conflicts.isSaving ? 'Saving …' : conflicts.said && `✓ ${conflicts.said}`}</span>
          </p>
          {current.questions.map(({ reviewer, question, at: asked }) => (
            <p key={reviewer} className={classes.question}>
              ⚑ <b>{reviewer}</b> asks{question === null ? ' for a specialist, without a question.' : ':'}
              {question !== null && <q>{question}</q>}
              <span className={bits.small}>{dateTime(asked)}</span>
            </p>
          ))}
          <dl className={page.terms}>
            <dt>Given label</dt>
            <dd>{current.givenLabel ?? (current.hidden ? UNTIL : 'None')}</dd>
            <dt>Model</dt>
            <dd>
              {current.predicted
                ? `${current.predicted.label}, ${percent(current.predicted.probability, 0)}`
                : current.hidden
                  ? UNTIL
                  : 'No prediction'}
            </dd>
            {current.suggestion && (
              <>
                <dt title="From all answers and the model, weighed by how reliable each is (CROWDLAB)">
                  Together
                </dt>
                <dd>
                  {current.suggestion.label}, {percent(current.suggestion.quality, 0)}
                </dd>
              </>
            )}
            {current.adjudicated && (
              <>
                <dt>Judged</dt>
                <dd>
                  {current.adjudicated.label ?? current.adjudicated.verdict} by {current.adjudicated.by}
                </dd>
              </>
            )}
          </dl>
          {current.hidden && (
            <p>
              This queue is blind: judge by the image and the answers. The rest is shown once you have judged.
            </p>
          )}
          {current.examples.length > 0 && (
            <section>
              <h2>Nearest real images</h2>
              <div className={classes.examples}>
                {current.examples.map(({ sha256, label }) => (
                  <figure key={sha256}>
                    <Thumb sha256={sha256} alt={`Real ${label}`} size={72} />
                    <figcaption>{label}</figcaption>
                  </figure>
                ))}
              </div>
            </section>
          )}
          {conflicts.failure && <Failure error={conflicts.failure} retry={conflicts.retry} />}
        </aside>
      </div>
      <div className={answers.bar} role="toolbar" aria-label="Judgement">
        {mode === 'reject' && <Reasons rejecting={rejecting} onFocus={focus} />}
        {mode === 'search' && <LabelSearch labels={labels} onPick={name} onCancel={back} />}
        {mode === 'answer' && (
          <>
            <div className={answers.acts}>
              {current.givenLabel !== null && (
                <KeyButton
                  keyLabel={keyLabel('accept')}
                  tone="good"
                  onPress={(event) => judge({ verdict: 'accept' }, event.timeStamp)}
                >
                  Keep&nbsp;
                  <MiddleText text={current.givenLabel} />
                </KeyButton>
              )}
              <KeyButton keyLabel={keyLabel('search-label')} onPress={() => setMode('search')}>
                Another label
              </KeyButton>
              <KeyButton keyLabel={keyLabel('reject')} tone="bad" onPress={() => setMode('reject')}>
                Reject …
              </KeyButton>
              <KeyButton keyLabel={keyLabel('undo')} onPress={conflicts.undo}>
                Undo
              </KeyButton>
              <KeyButton
                keyLabel={keyLabel('previous')}
                disabled={at === 0}
                onPress={() => conflicts.go(at - 1)}
              >
                Previous
              </KeyButton>
              <KeyButton
                keyLabel={keyLabel('next')}
                disabled={at >= all.length - 1}
                onPress={() => conflicts.go(at + 1)}
              >
                Next
              </KeyButton>
              <CommentField rejecting={rejecting} />
            </div>
            <AnswerCards conflict={current} isBlind={isBlind} keyLabel={keyLabel} onPick={pick} />
          </>
        )}
      </div>
    </div>
  );
}

/** The reviewer's answer as the judge's own; null for one that leaves it open. */
function asAnswer(
  { verdict, label, reason }: Pick<Conflict['answers'][number], 'verdict' | 'label' | 'reason'>,
  givenLabel: string | null,
): Answer | null {
  if (verdict === 'reject')
    // Projects made before reasons had ids hold free text as it was typed.
    return {
      verdict,
      reason: reason === null || parseRejectReason(reason) ? (reason ?? 'other') : `other: ${reason}`,
    };
  if (verdict === 'skip') return null;
  // By its class: in a blind queue the given label is hidden from the judge too.
  return label === null ? { verdict: 'accept' } : namingLabel(label, givenLabel);
}
