/** Keys beside those of the digits alone are for fixed places only. */
const SLOTS = 10;
const GUESSES = 5;
const MOST_PINNED = SLOTS - GUESSES;
/** The most classes that can each have a key of their own: the digits, and Shift with them. */
export const MOST_FIXED = 20;

/** Labels that a person wants at hand, each at a place that it keeps. */
export interface AtHand {
  pinned: readonly string[];
  /** By place; what was used longest ago gives way. */
  recent: readonly { label: string; used: number }[];
}

/** What is at hand once a label was given. */
export function given(label: string, { pinned, recent }: AtHand): AtHand {
  const used = Math.max(0, ...recent.map((each) => each.used)) + 1;
  if (pinned.includes(label)) return { pinned, recent };
  const at = recent.findIndex((each) => each.label === label);
  const oldest = recent.findIndex((each) => each.used === Math.min(...recent.map((one) => one.used)));
  const place = at >= 0 ? at : recent.length < MOST_PINNED ? recent.length : oldest;
  return { pinned, recent: recent.toSpliced(place, 1, { label, used }) };
}

/** What is at hand once a label was pinned, or no longer is. The oldest pin gives way to a sixth. */
export function togglePin(label: string, { pinned, recent }: AtHand): AtHand {
  const isPinned = pinned.includes(label);
  return {
    pinned: isPinned ? pinned.filter((each) => each !== label) : [...pinned, label].slice(-MOST_PINNED),
    recent: recent.filter((each) => each.label !== label),
  };
}

/**
 * The labels on the keys 1 to 0, five to a row: the model's best guesses for this image (the most probable first), then
 * what is pinned and what was used last, each keeping its place from item to item; what is left is filled with further
 * guesses, then in the order of the classes.
 */
export function labelSlots(
  classes: readonly string[],
  guesses: readonly string[],
  { pinned, recent }: AtHand,
): string[] {
  const first = guesses.slice(0, GUESSES);
  const known = new Set(classes);
  const rest = [...pinned, ...recent.map(({ label }) => label)].filter((label) => known.has(label));
  return [...new Set([...first, ...rest, ...guesses, ...classes])].slice(0, SLOTS);
}
