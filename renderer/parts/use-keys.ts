import { useCallback, useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { useSettings } from '../settings.tsx';
import {
  ACTIONS,
  actionOf,
  bindingsOf,
  chordLabel,
  labelIndex,
  type ActionId,
  type Bindings,
} from './keys.ts';

const TYPING =
  'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable=""], [contenteditable="true"], [role="combobox"]';
const MODAL = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
const PRESSABLE =
  'button, input, a[href], summary, [role="tab"], [role="radio"], [role="switch"], [role="slider"]';

/** Whether the key belongs to what has the focus: typing, a dialog, an input method, or a button that it presses. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(`${TYPING}, ${MODAL}`) || document.querySelector('[aria-modal="true"]')) return true;
  const presses = event.code === 'Space' || event.code === 'Enter';
  return presses && Boolean(target?.closest(PRESSABLE));
}

/** The keys as they are bound now, the person's own included. */
function useBindings(): Bindings {
  const { settings } = useSettings();
  return useMemo(() => bindingsOf(settings.keys), [settings.keys]);
}

/** What a key press does as keys are bound now. */
export function useActionOf(): (event: KeyboardEvent) => ActionId | null {
  const bindings = useBindings();
  return useCallback((event) => actionOf(bindings, event), [bindings]);
}

/** What keys do at this moment, by whoever listens. */
export interface KeysNow {
  actions: ActionId[];
  /** Names of the labels on the label keys, by their index. */
  labels: readonly string[];
  /** What an action does here, where its title says something else. */
  titles: Partial<Record<ActionId, string>>;
}

const listening = new Set<() => KeysNow>();

/** All that keys do at this moment, those of the screen last. */
export function keysNow(): KeysNow {
  const all = [...listening].map((now) => now());
  return {
    actions: [...new Set(all.flatMap(({ actions }) => actions))],
    labels: all.findLast(({ labels }) => labels.length > 0)?.labels ?? [],
    titles: Object.assign({}, ...all.map(({ titles }) => titles)) as KeysNow['titles'],
  };
}

interface KeyHandlers {
  /**
   * What each action does here. A key whose action is not among them is left to the browser, and so is one whose action
   * returns false.
   */
  actions: Partial<Record<ActionId, (event: KeyboardEvent) => unknown>>;
  /** What the key of the label at `index` does; false where there is no such label. */
  label?: (index: number, event: KeyboardEvent) => boolean;
  /** Names of the labels on the label keys, by their index. */
  labelNames?: readonly string[];
  /** What an action does here, where its title says something else. */
  titles?: KeysNow['titles'];
  /** What letting go of a key does. */
  up?: Partial<Record<ActionId, () => void>>;
  /** Keys that no action claims, such as Escape and Enter. Return true to keep the key from the browser. */
  other?: (event: KeyboardEvent) => boolean;
}

/** Calls back for every bound key pressed anywhere but in inputs and dialogs. */
export function useKeys(handlers: KeyHandlers): void {
  const bindings = useBindings();
  const down = useEffectEvent((event: KeyboardEvent) => {
    if (isTaken(event)) return;
    if (handlers.other?.(event)) return event.preventDefault();
    const action = actionOf(bindings, event);
    if (!action || (event.repeat && !ACTIONS.get(action)?.repeats)) return;
    const index = labelIndex(action);
    const perform = handlers.actions[action];
    if (index !== null ? !handlers.label?.(index, event) : !perform) return;
    if (perform?.(event) !== false) event.preventDefault();
  });
  const up = useEffectEvent((event: KeyboardEvent) => {
    const action = actionOf(bindings, event);
    if (action) handlers.up?.[action]?.();
  });
  const now = useEffectEvent((): KeysNow => ({
    actions: (Object.keys(handlers.actions) as ActionId[]).filter((action) => handlers.actions[action]),
    labels: handlers.labelNames ?? [],
    titles: handlers.titles ?? {},
  }));
  useEffect(() => {
    const tell = () => now();
    listening.add(tell);
    return () => void listening.delete(tell);
  }, []);
  useEffect(() => {
    document.addEventListener('keydown', down);
    document.addEventListener('keyup', up);
    return () => {
      document.removeEventListener('keydown', down);
      document.removeEventListener('keyup', up);
    };
  }, []);
}

interface KeyboardWithLayout {
  keyboard?: { getLayoutMap?: () => Promise<ReadonlyMap<string, string>> };
}

let layout: ReadonlyMap<string, string> | undefined;
let askedForLayout = false;
const waiting = new Set<() => void>();

function subscribeToLayout(changed: () => void): () => void {
  waiting.add(changed);
  if (!askedForLayout) {
    askedForLayout = true;
    const asked = (navigator as KeyboardWithLayout).keyboard?.getLayoutMap?.();
    // Without it the keys are named as on an American keyboard, which is no reason to stop.
    asked?.then(
      (map) => {
        layout = map;
        for (const tell of waiting) tell();
      },
      () => undefined,
    );
  }
  return () => waiting.delete(changed);
}

const isMac = navigator.platform.startsWith('Mac');

/** Names an action's key as it is printed on this keyboard: `A`, `Shift+1`. */
export function useKeyLabel(): (action: ActionId) => string {
  const bindings = useBindings();
  const known = useSyncExternalStore(subscribeToLayout, () => layout);
  return useMemo(
    () => (action) => {
      const chord = bindings.get(action)?.[0];
      return chord ? chordLabel(chord, known, isMac) : '';
    },
    [bindings, known],
  );
}
