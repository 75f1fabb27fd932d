import type { BoxDraft } from './use-box-draft.ts';

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Edits the selected box by key; false when the key is none of those. `label` is what a new box is called. */
export function boxKey(draft: BoxDraft, label: string | undefined, event: KeyboardEvent): boolean {
  const step = STEPS[event.code];
  if (step && draft.selected !== null) draft.nudge(...step, event.altKey, event.shiftKey);
  else if (event.code === 'Delete') draft.remove();
  else if (event.code === 'KeyN' && !event.ctrlKey && !event.metaKey && label !== undefined) draft.add(label);
  else return false;
  return true;
}
