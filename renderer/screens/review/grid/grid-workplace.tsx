import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import type { ReviewItem, Together } from '../../../../rpc/contract/reviews.ts';
import { counted } from '../../../parts/format.ts';
import { useKeyLabel, useKeys } from '../../../parts/use-keys.ts';
import { useSettings } from '../../../settings.tsx';
import { AnswerBar, type Mode } from '../answer-bar.tsx';
import { namingLabel, shownAnswer, type Answer } from '../answers.ts';
import { Instructions } from '../instructions.tsx';
import { KeyButton } from '../key-button.tsx';
import { Messages } from '../messages.tsx';
import type { Painter } from '../painter.ts';
import type { PictureCache } from '../pictures.ts';
import { ProgressLine, Saved } from '../progress-line.tsx';
import { Rail } from '../rail.tsx';
import { Stage } from '../stage.tsx';
import { useNewClass } from '../use-new-class.ts';
import { useLabelSlots } from '../use-label-slots.ts';
import { useRejecting } from '../use-rejecting.ts';
import { useReview } from '../use-review.ts';
import { useTimer } from '../use-timer.ts';
import { useView } from '../use-view.ts';
import { DEFAULT_GRID, gridSize, stepTo } from './grid-layout.ts';
import type { GridStore } from './grid-store.ts';
import { GridHead } from './grid-head.tsx';
import { Tiles } from './tiles.tsx';
import review from '../review-screen.module.css';
import classes from './grid.module.css';

const SIZE = 'grid-size';
const TOGETHER = 'grid-together';

/** How many at once, and what they share; remembered for the person. */
export function useGridSettings() {
  const { settings, set } = useSettings();
  const count = gridSize(Number(settings.panels[SIZE] ?? DEFAULT_GRID), 0);
  const together: Together = settings.panels[TOGETHER] === 'reason' ? 'reason' : 'class';
  return {
    count,
    together,
    setCount: (next: number) => set(({ panels }) => ({ panels: { ...panels, [SIZE]: next } })),
    setTogether: (next: Together) => set(({ panels }) => ({ panels: { ...panels, [TOGETHER]: next } })),
  };
}

interface GridWorkplaceProps {
  store: GridStore;
  settings: ReturnType<typeof useGridSettings>;
  pictures: PictureCache;
  picker: ReactNode;
  /** Back to one by one. */
  onLeave: () => void;
}

/** Many items at once: what differs is said of single ones, and one key accepts all the others. */
export function GridWorkplace({ store, settings, pictures, picker, onLeave }: GridWorkplaceProps) {
  const { count, together, setCount, setTogether } = settings;
  const items = useReview(store, (state) => state.items);
  const marks = useReview(store, (state) => state.marks);
  const at = useReview(store, (state) => state.at);
  const item = useReview(store, (state) => state.item);
  const session = useReview(store, (state) => state.session);
  const said = item && withMark(item, marks.get(item.sha256));
  const [mode, setMode] = useState<Mode>('answer');
  const [readsHow, setReadsHow] = useState(false);
  const [isLarge, setLarge] = useState(false);
  const [columns, setColumns] = useState(1);
  const painter = useRef<Painter | null>(null);
  const takePainter = useCallback((made: Painter | null) => {
    painter.current = made;
  }, []);
  const { view, actions: viewActions } = useView(painter);
  const keyLabel = useKeyLabel();
  const slots = useLabelSlots(item, session.classes, false);
  const area = useRef<HTMLDivElement>(null);
  const focus = () => area.current?.focus({ preventScroll: true });
  useTimer(store.timer);
  useEffect(() => area.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (isLarge && item) pictures.want([item.sha256]);
  }, [isLarge, item, pictures]);

  const back = () => {
    setMode('answer');
    rejecting.clear();
    focus();
  };
  const mark = (answer: Answer) => {
    back();
    if (item) store.mark(item.sha256, answer);
  };
  const rejecting = useRejecting({ onReject: mark, onLeave: back, onFocus: focus });
  const nameLabel = (label: string) => {
    slots.note(label);
    mark(namingLabel(label, item?.givenLabel ?? null));
  };
  const addClass = useNewClass((label) => {
    store.addClass(label);
    nameLabel(label);
  });
  const acceptRest = (pressedAt: number) => {
    back();
    setLarge(false);
    store.acceptRest(pressedAt, count, together);
  };
  const resize = (steps: number) => {
    const next = gridSize(count, steps);
    setCount(next);
    if (next !== count) store.gather(next, together);
  };
  const gather = () => {
    const next = together === 'class' ? 'reason' : 'class';
    setTogether(next);
    store.gather(count, next);
  };
  const undo = () => {
    back();
    store.undo(count, together);
  };
  const step = (key: string) => store.focusOn(stepTo(at, key, isLarge ? 1 : columns, items.length));
  const search = () => setMode(item && (session.classes.length > 0 || addClass) ? 'search' : 'answer');

  const other = (event: KeyboardEvent): boolean => {
    if (mode === 'reject') return rejecting.key(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (event.code === 'Escape' && isLarge) setLarge(false);
    else if (event.code === 'Enter' && item) setLarge(!isLarge);
    else if (event.code.startsWith('Arrow') && item) step(event.code);
    else return false;
    return true;
  };
  useKeys({
    actions: {
      ...viewActions,
      // Of the large picture these are the zoom.
      ...(!isLarge && { 'zoom-in': () => resize(1), 'zoom-out': () => resize(-1) }),
      accept: (event) => acceptRest(event.timeStamp),
      skip: () => item && store.toggle(item.sha256),
      flag: () => setMode(item ? 'flag' : 'answer'),
      reject: () => setMode(item ? 'reject' : 'answer'),
      relabel: search,
      'search-label': search,
      'fixed-labels': slots.canBeFixed ? slots.toggleFixed : () => undefined,
      undo,
      'gather-by': gather,
      instructions: () => setReadsHow(true),
      grid: onLeave,
    },
    label: (index) => {
      const label = slots.slots[index];
      if (label !== undefined && item) nameLabel(label);
      return label !== undefined;
    },
    labelNames: slots.slots,
    titles: {
      accept: `Accept ${counted(items.length - marks.size, 'image')}`,
      skip: 'Pass over, to come back to it alone',
      ...(!isLarge && { 'zoom-in': 'More at once', 'zoom-out': 'Fewer at once' }),
    },
    other,
  });

  return (
    <div className={review.workplace}>
      <ProgressLine
        store={store}
        picker={
          <>
            {picker}
            <KeyButton keyLabel={keyLabel('instructions')} onPress={() => setReadsHow(true)}>
              Instructions
            </KeyButton>
          </>
        }
      />
      <div className={classes.work}>
        <GridHead
          items={items}
          marked={marks.size}
          together={together}
          count={count}
          isLarge={isLarge}
          onGather={gather}
          onResize={resize}
          onLarge={() => setLarge(!isLarge)}
          onLeave={onLeave}
        />
        <div
          className={classes.area}
          ref={area}
          tabIndex={0}
          role="region"
          aria-label="Grid under review"
          data-large={isLarge}
        >
          {items.length === 0 ? (
            <div className={classes.none}>
              <h2>No more grids in this queue</h2>
              <p>
                {session.answered < session.total
                  ? 'What is left is looked at one by one: the audit, as many others, and what you passed over.'
                  : 'Every item has its answer.'}
              </p>
              <KeyButton keyLabel={keyLabel('grid')} onPress={onLeave}>
                Go on one by one
              </KeyButton>
            </div>
          ) : (
            <Tiles
              items={items}
              marks={marks}
              at={at}
              view={view}
              isHidden={isLarge}
              onPick={store.toggle}
              onColumns={setColumns}
              onPainted={store.painted}
            />
          )}
          {isLarge && item && (
            <div className={classes.large}>
              <Stage
                sha256={item.sha256}
                size={item}
                name={`Item ${item.position + 1}, enlarged`}
                pictures={pictures}
                view={view}
                onPainter={takePainter}
              />
              <Rail
                item={said ?? item}
                queue={session.queue}
                isIndependent={session.independent}
                isChecked={session.checked}
                showsTags={!session.checked && session.reviewers === 1}
              />
            </div>
          )}
          <Messages store={store} />
        </div>
      </div>
      {readsHow && (
        <Instructions
          queue={session.queue}
          onClose={() => {
            setReadsHow(false);
            focus();
          }}
        />
      )}
      <AnswerBar
        item={said}
        labels={session.classes}
        slots={slots}
        isBlind={false}
        onAdd={addClass}
        queue={session.queue}
        mode={mode}
        onMode={(next) => (next === 'answer' ? back() : setMode(next))}
        onAnswer={(answer) =>
          answer.verdict === 'skip' && !answer.flag && item ? store.toggle(item.sha256) : mark(answer)
        }
        onLabel={nameLabel}
        onUndo={undo}
        rejecting={rejecting}
        onFocus={focus}
        onBoxes={() => undefined}
        saved={<Saved store={store} />}
        rest={{ count: items.length - marks.size, onAccept: acceptRest }}
      />
    </div>
  );
}

/** The item as the keys show it: with what is said of it on the screen as its answer. */
function withMark(item: ReviewItem, answer: Answer | undefined): ReviewItem {
  return answer ? { ...item, answer: shownAnswer(answer, item.givenLabel) } : item;
}
