import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { counted } from '../format.ts';
import { Actor, ImageHash, ProjectPath } from './terms.ts';

/** A free word on images, and how many have it. */
export interface Tag {
  name: string;
  images: number;
}

/** What putting a tag on images, or taking it off, came to. */
export interface TagResult {
  /** The tag as the project writes it. */
  tag: string;
  /** Images that changed: those that had it already, or did not have it, are left as they are. */
  applied: number;
  /** The event; the newest one where nothing changed. */
  seq: number;
}

/** What it came to, in a sentence. */
export const tagWords = ({ tag, applied, seq }: TagResult): string =>
  applied === 0
    ? `“${tag}”: no image changed.`
    : `“${tag}”: ${counted(applied, 'image')} changed, recorded as event ${seq}.`;

/** Characters of a tag, and tags of a project. */
export const LONGEST_TAG = 60;
export const MOST_TAGS = 200;

const TagAct = z.object({
  project: ProjectPath,
  by: Actor,
  tag: z.string(),
  /** Takes it off in place of putting it on. */
  off: z.boolean().default(false),
});

export const TagInput = TagAct.extend({ images: z.array(ImageHash).min(1) });
/** A whole view, which must still hold `expected` images. */
export const TagViewInput = TagAct.extend({ view: z.string(), expected: z.int().positive() });

/** An act of tagging, by its event, that is to be taken back. */
export const UndoTagInput = z.object({ project: ProjectPath, by: Actor, seq: z.int().positive() });

export const tags = {
  /** By name. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<Tag[]>()),
  /**
   * Puts a tag on images, or takes it off, on record. Throws `USAGE` for a name that is none or too long and for too many
   * tags, `NOT_FOUND` for an image, or a tag to take off, that is not there.
   */
  set: oc.input(TagInput).output(type<TagResult>()),
  /**
   * Takes back an act of tagging on exactly the images that it changed: the tag goes off them, or on them again. Recorded
   * as an act of its own. Throws `NOT_FOUND` where the event is no such act, or the tag is on no image any more.
   */
  undo: oc.input(UndoTagInput).output(type<TagResult>()),
};
