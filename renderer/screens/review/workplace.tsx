import { useProject } from '../../project.tsx';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode, useLayoutEffect } from 'react';
import { useKeyLabel, useKeys } from '../../parts/use-keys.ts';
import { AnswerBar, type Mode } from './answer-bar.tsx';
import { namingLabel, type Answer } from './answers.ts';
import { withoutShape } from './box-geometry.ts';
import { BoxLayer } from './box-layer.tsx';
import { Beside, CompareBar, examplesOf, HOWS, Laid, type How } from './compare.tsx';
import { useFullScreen } from './use-full-screen.ts';
import { useView } from './use-view.ts';
import { useSettings } from '../../settings.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { KeptOut } from './kept-out.tsx';
import { KeyButton } from './key-button.tsx';
import { Instructions } from './instructions.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { Messages } from './messages.tsx';
import type { Painter } from './painter.ts';
import { ProgressLine, Saved } from './progress-line.tsx';
import { Rail } from './rail.tsx';
import type { SessionStore } from './session-store.ts';
import { Stage } from './stage.tsx';
import { useObjectWalk, type ObjectWalk } from './use-object-walk.ts';
import { useBoxDraft } from './use-box-draft.ts';
import { useRejecting } from './use-rejecting.ts';
import { useNewClass } from './use-new-class.ts';
import { useLabelSlots } from './use-label-slots.ts';
import { useReview } from './use-review.ts';
import classes from './review-screen.module.css';
import type { BoxDraft } from './use-box-draft.ts';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { affordable, type PictureCache } from './pictures.ts';
import { useTimer } from './use-timer.ts';

interface WorkplaceProps {
  store: SessionStore;
  pictures: PictureCache;
  urlOf: (sha256: string) => string;
  /** Chooses another queue, where there is one. */
  picker: ReactNode;
  /** Goes on with many at once. */
  onGrid: () => void;
}

/** One item before the reviewer, and everything to answer it with, by keys alone. */
export function Workplace({ store, pictures, urlOf, picker, onGrid }: WorkplaceProps) {
  const { handout } = useProject();
  const item = useReview(store, (state) => state.item);
  const labels = useReview(store, (state) => state.session.classes);
  const queue = useReview(store, (state) => state.session.queue);
  const isBlind = useReview(store, (state) => state.session.blind);
  const isIndependent = useReview(store, (state) => state.session.independent);
  const isChecked = useReview(store, (state) => state.session.checked);
  const reviewers = useReview(store, (state) => state.session.reviewers);
  // Without classes there is nothing to hide, and nothing to name.
  const hides = isBlind && labels.length > 0;
  const [mode, setMode] = useState<Mode>('answer');
  const [isComparing, setComparing] = useState(false);
  const [compared, setCompared] = useState<{ of: string; at: number } | null>(null);
  const [readsHow, setReadsHow] = useState(false);
  const [full, toggleFull] = useFullScreen();
  const [areHidden, setHidden] = useState(false);
  const [spreadOf, setSpreadOf] = useState<string | null>(null);
  const painter = useRef<Painter | null>(null);
  const [leader, setLeader] = useState<Painter | null>(null);
  const takePainter = useCallback((made: Painter | null) => {
    painter.current = made;
    setLeader(made);
  }, []);
  const { view, actions: viewActions } = useView(painter);
  const { settings, set } = useSettings();
  const how = HOWS.find((each) => each === settings.panels[COMPARE]) ?? 'side';
  const setHow = (next: How) => set(({ panels }) => ({ panels: { ...panels, [COMPARE]: next } }));
  const examples = useMemo(() => (item ? examplesOf(item) : []), [item]);
  const nth = compared && compared.of === item?.sha256 ? compared.at % Math.max(examples.length, 1) : 0;
  const example = isComparing ? examples[nth] : undefined;
  const compareWith = (index: number) => {
    if (item) setCompared({ of: item.sha256, at: index });
    setComparing(true);
  };
  const stage = useRef<HTMLDivElement>(null);
  const keyLabel = useKeyLabel();
  const slots = useLabelSlots(item, labels, isBlind);
  const draft = useBoxDraft(item);
  const walk = useObjectWalk(item, draft, {
    onBoxes: () => setMode('boxes'),
    onEnd: () => setMode('answer'),
  });
  const saved = useReview(store, (state) => state.saved);
  const { forget } = draft;
  useEffect(() => {
    if (saved?.boxed) forget(saved.sha256);
  }, [saved, forget]);
  const spread = item !== null && item.group > 0 && spreadOf === item.sha256;
  usePicturesAhead(store, pictures);
  useTimer(store.timer);

  useEffect(() => stage.current?.focus(), []);
  useEffect(() => {
    const show = () => setHidden(false);
    window.addEventListener('blur', show);
    return () => window.removeEventListener('blur', show);
  }, []);

  const focus = () => stage.current?.focus({ preventScroll: true });
  const leave = () => {
    setMode('answer');
    rejecting.clear();
    focus();
  };
  /** To what was going on before a label or a reason was asked for. */
  const back = () => {
    leave();
    if (draft.selected !== null) setMode('boxes');
  };
  /** Whether something would lose box edits; then the reviewer is told how they are kept or dropped. */
  const keepsBoxes = () => {
    if (draft.isChanged) store.say(UNSAVED);
    return draft.isChanged;
  };
  const undo = () => keepsBoxes() || store.undo();
  const answer = (given: Answer, at: number) => {
    if (!given.boxes && keepsBoxes()) return;
    if (hides && given.verdict === 'accept')
      return store.say('This queue is blind: name the class that you see.');
    leave();
    store.answer(spread ? { ...given, spread } : given, at);
  };
  const rejecting = useRejecting({ onReject: answer, onLeave: back, onFocus: focus });
  const nameLabel = (label: string, at: number) => {
    slots.note(label);
    if (mode === 'boxes' && walk.at !== null && walk.hint?.box === null && draft.selected === null) {
      draft.add(label, walk.lit);
      return setMode('boxes');
    }
    if (draft.selected === null) return answer(namingLabel(label, item?.givenLabel ?? null), at);
    draft.rename(label);
    setMode('boxes');
  };
  const addClass = useNewClass((label, at) => {
    store.addClass(label);
    nameLabel(label, at);
  });
  const saveBoxes = (at: number) => {
    if (!item || !draft.isChanged) return leave();
    const names = new Set(draft.boxes.map(({ label }) => label));
    const [only] = names;
    const label = names.size === 1 ? only : undefined;
    const boxes = draft.boxes.map(withoutShape);
    answer({ verdict: 'relabel', boxes, ...(label === undefined ? {} : { label }) }, at);
  };
  const leaveBoxes = () => {
    if (item) draft.forget(item.sha256);
    if (draft.isChanged) store.say('The changes of the boxes are dropped.');
    leave();
  };

  const other = (event: KeyboardEvent): boolean => {
    if (mode === 'reject') return rejecting.key(event);
    if (mode === 'boxes' || (mode === 'answer' && draft.isChanged)) {
      if (event.code === 'Enter') saveBoxes(event.timeStamp);
      else if (event.code === 'Escape') leaveBoxes();
      else return mode === 'boxes' && boxKey(draft, walk, item?.givenLabel ?? labels[0], event);
      return true;
    }
    if (event.code !== 'Escape' || !(isComparing || full)) return false;
    if (isComparing) setComparing(false);
    else toggleFull();
    return true;
  };
  const openGrid = () => {
    if (handout) store.say('A hand-out has no grids: its items are looked at one by one.');
    else if (isBlind)
      store.say('This queue is blind: a grid gathers what has the same label, which is hidden.');
    else if (!keepsBoxes()) onGrid();
  };
  /** Only from the picture: from anywhere else Tab goes to the next button, as everywhere. */
  const walksFrom = ({ target }: KeyboardEvent) =>
    (target === stage.current || target === document.body) && (item?.objects.length ?? 0) > 0;
  const search = () => setMode(item && (labels.length > 0 || addClass) ? 'search' : 'answer');
  useKeys({
    actions: {
      ...viewActions,
      accept: (event) => answer({ verdict: 'accept' }, event.timeStamp),
      skip: (event) => answer({ verdict: 'skip' }, event.timeStamp),
      flag: () => setMode(item ? 'flag' : 'answer'),
      reject: () => setMode(item ? 'reject' : 'answer'),
      relabel: search,
      'search-label': search,
      'fixed-labels': slots.canBeFixed ? slots.toggleFixed : () => undefined,
      undo,
      spread: () => setSpreadOf(spread ? null : (item?.sha256 ?? null)),
      previous: () => keepsBoxes() || store.move(-1),
      next: () => keepsBoxes() || store.move(1),
      compare: () => setComparing(!isComparing),
      'compare-how': () => {
        if (isComparing) setHow(HOWS[(HOWS.indexOf(how) + 1) % HOWS.length]!);
        setComparing(true);
      },
      'compare-next': () => compareWith(isComparing ? nth + 1 : nth),
      'full-screen': toggleFull,
      'hide-overlays': () => setHidden(true),
      grid: openGrid,
      instructions: () => setReadsHow(true),
      'next-object': (event) => walksFrom(event) && walk.step(1),
      'previous-object': (event) => walksFrom(event) && walk.at !== null && walk.step(-1),
      'object-zoom': () => walk.lit && painter.current?.showPart(walk.lit),
      boxes: () => {
        setMode('boxes');
        if (draft.boxes.length > 0) draft.selectNext();
      },
    },
    label: (index, event) => {
      const label = slots.slots[index];
      if (label !== undefined) nameLabel(label, event.timeStamp);
      return label !== undefined;
    },
    labelNames: slots.slots,
    up: { 'hide-overlays': () => setHidden(false) },
    other,
  });

  return (
    <div className={classes.workplace} data-full={full}>
      <ProgressLine
        store={store}
        picker={
          <>
            {picker}
            <KeyButton keyLabel={keyLabel('grid')} disabled={isBlind || handout !== null} onPress={openGrid}>
              Grid
            </KeyButton>
            <KeyButton keyLabel={keyLabel('instructions')} onPress={() => setReadsHow(true)}>
              Instructions
            </KeyButton>
          </>
        }
      />
      <div className={classes.middle}>
        <div
          className={classes.workStage}
          ref={stage}
          tabIndex={0}
          role="region"
          aria-label="Image under review"
          data-comparing={example !== undefined && how === 'side'}
        >
          <Stage
            sha256={item?.sha256 ?? null}
            size={item ?? UNKNOWN}
            name={item ? nameOf(item.position, item.givenLabel) : 'No image'}
            pictures={pictures}
            view={view}
            onPainted={store.painted}
            onPainter={takePainter}
            overlay={(at) =>
              item && (
                <>
                  {example && how !== 'side' && (
                    <Laid
                      key={example.sha256}
                      how={how}
                      name={`Nearest real ${example.label}`}
                      url={urlOf(example.sha256)}
                      view={view}
                      image={item}
                      at={at}
                    />
                  )}
                  {!areHidden && (draft.boxes.length > 0 || walk.lit) && (
                    <BoxLayer
                      boxes={draft.boxes}
                      image={item}
                      view={at}
                      selected={mode === 'boxes' ? draft.selected : null}
                      lit={walk.lit}
                      dims={view.dimsOthers}
                      onSelect={draft.select}
                      onChange={draft.change}
                    />
                  )}
                </>
              )
            }
          />
          {example && how === 'side' && (
            <Beside
              sha256={example.sha256}
              name={`Nearest real ${example.label}`}
              urlOf={urlOf}
              view={view}
              leader={leader}
            />
          )}
          {isComparing && item && (
            <CompareBar
              item={item}
              example={example}
              at={nth}
              of={examples.length}
              how={how}
              onHow={setHow}
              onNext={() => compareWith(nth + 1)}
              onClose={() => setComparing(false)}
            />
          )}
          {item && <KeptOut item={item} />}
          <Messages store={store} />
        </div>
        {item && (
          <Rail
            item={item}
            queue={queue}
            walk={{ at: walk.at, shown: walk.shown, key: keyLabel('next-object'), onGo: walk.go }}
            isIndependent={isIndependent}
            isChecked={isChecked}
            showsTags={!isChecked && reviewers === 1}
            spread={{
              on: spread,
              key: keyLabel('spread'),
              onChange: (on) => setSpreadOf(on ? item.sha256 : null),
            }}
            compare={{
              key: keyLabel('compare'),
              onChoose: (sha256) => compareWith(examples.findIndex((each) => each.sha256 === sha256)),
            }}
          />
        )}
      </div>
      <Filmstrip store={store} onGo={(position) => keepsBoxes() || store.go(position)} />
      {readsHow && (
        <Instructions
          queue={queue}
          onClose={() => {
            setReadsHow(false);
            focus();
          }}
        />
      )}
      <LeaveDialog isUnsaved={draft.isChanged} onStay={focus} />
      <AnswerBar
        item={item}
        labels={labels}
        slots={slots}
        isBlind={hides}
        onAdd={addClass}
        queue={queue}
        mode={mode}
        onMode={(next) => (next === 'answer' ? back() : setMode(next))}
        onAnswer={answer}
        onLabel={nameLabel}
        onUndo={undo}
        rejecting={rejecting}
        onFocus={focus}
        onBoxes={(act, at) => (act === 'save' ? saveBoxes(at) : leaveBoxes())}
        saved={<Saved store={store} />}
      />
    </div>
  );
}

const COMPARE = 'compare-how';
const UNSAVED = 'The boxes are changed: Enter saves them, Escape drops the changes.';
const UNKNOWN = { width: 1, height: 1 };

function nameOf(position: number, givenLabel: string | null): string {
  return `Item ${position + 1}${givenLabel === null ? '' : `, given label ${givenLabel}`}`;
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Edits the selected box by key; false when the key is none of those. `label` is what a new box is called. */
function boxKey(
  draft: BoxDraft,
  { hint, lit }: ObjectWalk,
  label: string | undefined,
  event: KeyboardEvent,
): boolean {
  const step = STEPS[event.code];
  if (step && draft.selected !== null) draft.nudge(...step, event.altKey, event.shiftKey);
  else if (event.code === 'Delete') draft.remove();
  else if (event.code === 'KeyN' && !event.ctrlKey && !event.metaKey && label !== undefined)
    draft.add(label, hint?.box === null ? lit : null);
  else return false;
  return true;
}

const AHEAD = 5;
const BUDGET_BYTES = 256 * 1024 * 1024;

/** Keeps the next five images decoded, and the one before, as far as memory allows. */
function usePicturesAhead(store: SessionStore, pictures: PictureCache): void {
  const position = useReview(store, (state) => state.position);
  const loaded = useReview(store, (state) => state.loaded);
  useLayoutEffect(() => {
    const around = Array.from({ length: AHEAD + 1 }, (_, i) => position + i);
    const items = [...around, position - 1]
      .map((at) => store.items.at(at))
      .filter((item): item is ReviewItem => item !== undefined);
    pictures.want(items.slice(0, affordable(items, BUDGET_BYTES)).map(({ sha256 }) => sha256));
  }, [store, pictures, position, loaded]);
}
