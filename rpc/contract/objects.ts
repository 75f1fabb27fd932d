import { counted, percent } from '../format.ts';
import type { Role } from './terms.ts';

/** What may be wrong with an object of an annotation, in the order in which a run numbers it. */
export const OBJECT_FAULTS = ['wrong-class', 'misplaced', 'phantom', 'duplicate', 'wrong-outline'] as const;
/** One that the annotation lacks is missing. */
export type ObjectFault = (typeof OBJECT_FAULTS)[number] | 'missing';

/** What is wrong, as the end of a sentence about the object. */
export const FAULT_WORDS: Record<ObjectFault, string> = {
  'wrong-class': 'it looks like another class',
  misplaced: 'its box misses it',
  phantom: 'nothing of it is there',
  duplicate: 'it is annotated twice',
  'wrong-outline': 'its outline is not that of its box',
  missing: 'an object without a box',
};

/** What a run learnt objects from, and how many of each role are wrong by its estimate. */
export interface ObjectsJudged {
  /** Real objects that it learnt from, and how many of their crops it names rightly, as text of a share. */
  taught: number;
  accuracy: string;
  roles: Partial<Record<Role, RoleObjects>>;
}

interface RoleObjects {
  objects: number;
  /** Share of the objects with each fault, as text. */
  faults: Record<string, string>;
  /** Share of the images that lack an object; null where that is not known. */
  missing: string | null;
}

/** What a run says of one object of a picture. */
export interface ObjectHint {
  /** Place among the boxes; null for an object that is missing. */
  box: number | null;
  /** That something is wrong with it, 0..1. */
  chance: number;
  /** What that most likely is. */
  fault: ObjectFault;
  /** The class that it looks most like. */
  looksLike: { label: string; probability: number } | null;
  /** Where something is missing: left, top, width, height as shares of the picture. */
  area: [number, number, number, number] | null;
}

/** A real object, to compare another one with. */
export interface ObjectExample {
  sha256: string;
  /** Of its picture, in pixels. */
  width: number;
  height: number;
  /** Left, top, width, height in pixels. */
  box: [number, number, number, number];
  label: string;
  /** Cosine of the two crops, -1..1. */
  similarity: number;
}

/** The nearest real objects of the class that an object is said to be of, and of the one that it looks like if another. */
export interface ObjectExamples {
  given: ObjectExample[];
  looksLike: ObjectExample[];
}

/** In the plural, of objects with a fault. */
const FAULTY: Record<Exclude<ObjectFault, 'missing'>, string> = {
  'wrong-class': 'of another class',
  misplaced: 'missed by their box',
  phantom: 'not there',
  duplicate: 'annotated twice',
  'wrong-outline': 'with the outline of another object',
};

/** What a run says of the objects of the synthetic images, in two sentences. */
export function sentenceOfObjects({ taught, accuracy, roles }: ObjectsJudged): string {
  const learnt = `Learnt from ${counted(taught, 'real object')}, of whose crops ${percent(Number(accuracy), 0)} are named rightly.`;
  const { synthetic } = roles;
  if (!synthetic) return learnt;
  const faults = OBJECT_FAULTS.map((fault) => `${percent(Number(synthetic.faults[fault]))} ${FAULTY[fault]}`);
  const missing =
    synthetic.missing === null ? '' : `; ${percent(Number(synthetic.missing))} of the images lack one`;
  return `${learnt} Of ${counted(synthetic.objects, 'synthetic object')} about ${faults.join(', ')}${missing}.`;
}
