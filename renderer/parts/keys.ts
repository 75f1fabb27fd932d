/**
 * The table of keyboard actions. A chord is `Mod+Alt+Shift+` and a `KeyboardEvent.code` (`Shift+Digit1`), so that
 * it is the same key on every layout; a chord that ends in one character (`?`, `/`) is that character, wherever
 * the layout has it. `Mod` is Cmd on a Mac and Ctrl elsewhere.
 */
export interface ActionInfo {
  title: string;
  group: 'Answer' | 'Move' | 'View' | 'Everywhere';
  key: string;
  /** Further chords that always work and cannot be rebound. */
  also?: readonly string[];
  /** Acts again while the key is held down. */
  repeats?: boolean;
}

const ANSWERS = {
  accept: { title: 'Accept', group: 'Answer', key: 'KeyA' },
  reject: { title: 'Reject', group: 'Answer', key: 'KeyX' },
  skip: { title: 'Skip', group: 'Answer', key: 'Space' },
  flag: { title: 'Ask a specialist', group: 'Answer', key: 'KeyF' },
  comment: { title: 'Comment on a reject or a judgement', group: 'Answer', key: 'KeyT' },
  'is-copy': { title: 'It is a copy (Copies)', group: 'Answer', key: 'KeyY' },
  'no-copy': { title: 'It is not a copy (Copies)', group: 'Answer', key: 'KeyN' },
  spread: { title: 'Apply to its near-duplicates', group: 'Answer', key: 'KeyG' },
  undo: { title: 'Undo', group: 'Answer', key: 'Backspace', also: ['Mod+KeyZ'] },
  relabel: { title: 'Relabel: choose the label', group: 'Answer', key: 'KeyR' },
  'search-label': { title: 'Search the labels', group: 'Answer', key: '/' },
  'fixed-labels': { title: 'Fixed label keys, or guesses first', group: 'Answer', key: 'KeyL' },
  tag: { title: 'Tag what is chosen (Explore)', group: 'Answer', key: 'KeyD' },
  untag: { title: 'Take a tag off what is chosen (Explore)', group: 'Answer', key: 'Shift+KeyD' },
  rerank: { title: 'Rank what is left again', group: 'Answer', key: 'KeyQ' },
  'choose-all': { title: 'Choose the whole view (Explore)', group: 'Answer', key: 'Mod+KeyA' },
} as const satisfies Record<string, ActionInfo>;

const VIEWS = {
  previous: { title: 'Previous item', group: 'Move', key: 'ArrowLeft', repeats: true },
  next: { title: 'Next item', group: 'Move', key: 'ArrowRight', repeats: true },
  'to-skipped': { title: 'Go to what you skipped', group: 'Move', key: 'KeyS' },
  'to-questions': { title: 'Answer the questions to specialists', group: 'Move', key: 'Shift+KeyQ' },
  'to-conflicts': { title: 'Judge the conflicts', group: 'Move', key: 'Shift+KeyJ' },
  'to-overview': { title: 'Overview, from the end of a queue', group: 'Move', key: 'Shift+KeyV' },
  'to-export': { title: 'Export, from the end of a queue', group: 'Move', key: 'Shift+KeyX' },
  'zoom-in': { title: 'Zoom in', group: 'View', key: '+', also: ['Equal', 'NumpadAdd'], repeats: true },
  'zoom-out': { title: 'Zoom out', group: 'View', key: '-', also: ['NumpadSubtract'], repeats: true },
  'pan-left': { title: 'Pan left', group: 'View', key: 'Shift+ArrowLeft', repeats: true },
  'pan-right': { title: 'Pan right', group: 'View', key: 'Shift+ArrowRight', repeats: true },
  'pan-up': { title: 'Pan up', group: 'View', key: 'Shift+ArrowUp', repeats: true },
  'pan-down': { title: 'Pan down', group: 'View', key: 'Shift+ArrowDown', repeats: true },
  'actual-size': { title: 'Actual size, and back to fit', group: 'View', key: 'KeyZ' },
  'hide-overlays': { title: 'Hide overlays while held', group: 'View', key: 'KeyV' },
  boxes: { title: 'Edit boxes, then the next box', group: 'View', key: 'KeyB' },
  'next-object': { title: 'Next object, the most suspicious first', group: 'Move', key: 'Tab' },
  'previous-object': { title: 'Object before', group: 'Move', key: 'Shift+Tab' },
  'object-zoom': { title: 'Zoom to the object, and back to fit', group: 'View', key: 'Shift+KeyZ' },
  'dim-others': { title: 'Dim everything but the object', group: 'View', key: 'Shift+KeyB' },
  grid: { title: 'Many at once in a grid, or one by one', group: 'View', key: 'Shift+KeyG' },
  'gather-by': { title: 'Gather the grid by class or by reason', group: 'View', key: 'KeyJ' },
  instructions: { title: 'Instructions of the queue', group: 'View', key: 'KeyH' },
  compare: {
    title: 'Compare with the nearest real images; in Explore, two chosen images',
    group: 'View',
    key: 'KeyC',
  },
  'compare-how': {
    title: 'Compare side by side, by swipe, by flicker, by difference',
    group: 'View',
    key: 'Shift+KeyC',
  },
  'compare-next': { title: 'Compare with the next real image', group: 'View', key: 'KeyE' },
  brighter: { title: 'Brighter', group: 'View', key: 'KeyI', repeats: true },
  darker: { title: 'Darker', group: 'View', key: 'Shift+KeyI', repeats: true },
  'more-contrast': { title: 'More contrast', group: 'View', key: 'KeyO', repeats: true },
  'less-contrast': { title: 'Less contrast', group: 'View', key: 'Shift+KeyO', repeats: true },
  'more-gamma': { title: 'Lighter shadows (gamma)', group: 'View', key: 'KeyU', repeats: true },
  'less-gamma': { title: 'Darker shadows (gamma)', group: 'View', key: 'Shift+KeyU', repeats: true },
  'plain-light': { title: 'Light as in the file', group: 'View', key: 'KeyP' },
  'keep-zoom': { title: 'Keep the zoom from item to item', group: 'View', key: 'KeyK' },
  'odd-map': { title: 'Show where it looks odd', group: 'View', key: 'KeyM' },
  'full-screen': { title: 'Full screen', group: 'View', key: 'KeyW' },
  help: { title: 'Show every key', group: 'Everywhere', key: '?' },
  palette: { title: 'Command palette', group: 'Everywhere', key: 'Mod+KeyK' },
  lock: { title: 'Lock this window', group: 'Everywhere', key: 'Alt+Shift+KeyL' },
  'sign-out': { title: 'Sign out', group: 'Everywhere', key: 'Alt+Shift+KeyQ' },
} as const satisfies Record<string, ActionInfo>;

const MAX_LABEL_KEYS = 20;
type LabelAction = `label-${number}`;
export type ActionId = keyof typeof ANSWERS | keyof typeof VIEWS | LabelAction;

/** The action that relabels to the class at `index` (from 0), or null past the twentieth. */
export function labelAction(index: number): ActionId | null {
  return index >= 0 && index < MAX_LABEL_KEYS ? `label-${index + 1}` : null;
}

/** Which class (from 0) an action relabels to; null for every other action. */
export function labelIndex(action: ActionId): number | null {
  return action.startsWith('label-') ? Number(action.slice('label-'.length)) - 1 : null;
}

const LABELS: [ActionId, ActionInfo][] = Array.from({ length: MAX_LABEL_KEYS }, (_, i) => [
  `label-${i + 1}`,
  { title: `Label ${i + 1}`, group: 'Answer', key: `${i < 10 ? '' : 'Shift+'}Digit${(i + 1) % 10}` },
]);

/** Every action, in the order in which the list of keys shows them. */
export const ACTIONS: ReadonlyMap<ActionId, ActionInfo> = new Map<ActionId, ActionInfo>([
  ...(Object.entries(ANSWERS) as [ActionId, ActionInfo][]),
  ...LABELS,
  ...(Object.entries(VIEWS) as [ActionId, ActionInfo][]),
]);

/** What of a `KeyboardEvent` decides the action. */
export interface KeyPress {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Chords by action: the built-in ones, or the person's own in their place. */
export type Bindings = ReadonlyMap<ActionId, readonly string[]>;

/** `own` comes from the settings; actions that it does not know are ignored there. */
export function bindingsOf(own: Readonly<Record<string, string>>): Bindings {
  return new Map([...ACTIONS].map(([id, info]) => [id, [own[id] ?? info.key, ...(info.also ?? [])]]));
}

const MODIFIERS = new Set(['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Dead', 'Process']);

/** The chords that a key press stands for, the most specific first; none for a modifier alone. */
export function chordsOf(press: KeyPress): string[] {
  if (MODIFIERS.has(press.key)) return [];
  const modifiers = `${press.ctrlKey || press.metaKey ? 'Mod+' : ''}${press.altKey ? 'Alt+' : ''}`;
  const byCode = `${modifiers}${press.shiftKey ? 'Shift+' : ''}${press.code}`;
  // A character already says whether Shift, or AltGr as Ctrl+Alt, was needed for it.
  const isSign = press.key.length === 1 && !/[\p{L}\p{N}\s]/u.test(press.key);
  if (!isSign || modifiers !== '') return [byCode];
  // French digits type signs unless Shift is held: they relabel there as elsewhere.
  return /^Digit\d$/.test(byCode) ? [byCode, press.key] : [press.key, byCode];
}

/** The chord to remember when a person rebinds an action by pressing a key; null for one that cannot be bound. */
export function chordToBind(press: KeyPress): string | null {
  if (press.key === 'Escape' || press.key === 'Tab') return null;
  return chordsOf(press)[0] ?? null;
}

/** What a key press does; null when nothing is bound to it. */
export function actionOf(bindings: Bindings, press: KeyPress): ActionId | null {
  for (const chord of chordsOf(press))
    for (const [action, chords] of bindings) if (chords.includes(chord)) return action;
  return null;
}

/** The action that claims a chord; null for a free one. */
export function actionOfChord(bindings: Bindings, chord: string): ActionId | null {
  for (const [action, chords] of bindings) if (chords.includes(chord)) return action;
  return null;
}

/**
 * The person's own keys once an action has a chord that another one had, and that one has its key in return.
 */
export function swapped(
  own: Readonly<Record<string, string>>,
  action: ActionId,
  { chord, by }: { chord: string; by: ActionId },
): Record<string, string> {
  const keyOf = (id: ActionId) => own[id] ?? ACTIONS.get(id)!.key;
  const keys: Record<string, string> = { ...own, [action]: chord };
  keys[by] = keyOf(action);
  for (const id of [action, by]) if (keys[id] === ACTIONS.get(id)!.key) delete keys[id];
  return keys;
}

/** Chords that more than one action claims, with those actions: only the first of them acts. */
export function conflictsOf(bindings: Bindings): Map<string, ActionId[]> {
  const claimed = new Map<string, ActionId[]>();
  for (const [action, chords] of bindings)
    for (const chord of chords) claimed.set(chord, [...(claimed.get(chord) ?? []), action]);
  return new Map([...claimed].filter(([, actions]) => actions.length > 1));
}

const NAMES: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Equal: '=',
  NumpadAdd: 'Num +',
  NumpadSubtract: 'Num -',
  Mod: 'Ctrl',
};

/**
 * A chord as it is printed on a button. `layout` says which character a code types on this keyboard
 * (`navigator.keyboard.getLayoutMap`), where that is known.
 */
export function chordLabel(chord: string, layout?: ReadonlyMap<string, string>, isMac = false): string {
  if (chord === '+') return chord;
  const parts = chord.split('+');
  return parts
    .map((part, i) => {
      if (part === 'Mod' && isMac) return '⌘';
      if (i < parts.length - 1) return NAMES[part] ?? part;
      // Unshifted French digits are signs: the digit is what is known as the key's name there.
      if (part.startsWith('Digit')) return part.slice('Digit'.length);
      const typed = layout?.get(part);
      if (typed) return typed.toLocaleUpperCase();
      return NAMES[part] ?? part.replace(/^Key/, '');
    })
    .join('+');
}
